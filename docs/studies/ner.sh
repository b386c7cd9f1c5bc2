#!/usr/bin/env bash
# Does robust training during transfer by projection make a tagger more robust to distribution shift?
#
# A tagger of English (the bundled one, trained on English-EWT) goes on learning from English-EWT as it
# was projected to another language, plainly or by a robust method, and is tested there on gold text,
# clean and under every perturbation. Every run has the same data and the same number of steps.
#
#   docs/studies/ner.sh FOLDER LANGUAGE [SHARE…]   all rows, then the comparison over seeds
#   docs/studies/ner.sh FOLDER LANGUAGE tune       radii, judged on projected development data
#
# FOLDER gets the models and reports; LANGUAGE is es or hr; SHARE… are shares of the word links to drop
# at random before projecting (0.1 0.2 0.3). What was counted of each run, without any text, goes to
# COUNTS (default docs/studies/counts/ner); a run whose counts are there is not made again, so the script
# can be stopped at any time, and go on elsewhere. AT_ONCE runs go on side by side (default 2); SEEDS,
# METHODS and NOISY_METHODS change the rows, UPDATES how many steps each learns (default 100; counts of
# other numbers belong to another COUNTS). `fgm@0.3` is FGM with the radius 0.3.
set -euo pipefail
cd "$(dirname "$0")/../.."
out=$(mkdir -p "$1" && cd "$1" && pwd)
language=$2
shift 2
data=${SPANBRIDGE_DATA:-../shared/data}
ewt=$data/uner/English-EWT/en_ewt-ud
case $language in
    es) test=$data/europarl-ner/es-europarl.test.conll02 ;;
    hr) test=$data/uner/Croatian-SET/hr_set-ud-test.iob2 ;;
    *) echo "the language must be es or hr, got $language" >&2; exit 2 ;;
esac
export OMP_NUM_THREADS=1
export python=${PYTHON:-.venv/bin/python} out language test counts=${COUNTS:-docs/studies/counts/ner}
export updates=${UPDATES:-100}
seeds=${SEEDS:-1 2 3}
methods=${METHODS:-plain fgm@0.1 pgd@0.1 freelb@0.1 r3f rdrop augment agreement}
noisy_methods=${NOISY_METHODS:-plain fgm@0.1 agreement}
tried=${TRIED:-plain fgm@0.1 fgm@0.3 fgm@1}

# shellcheck source=docs/studies/methods.sh
source docs/studies/methods.sh
export augmented="--augment typos --augment case --augment b_per --augment loc"

# Only sentences with an entity: a small machine's time goes where there is something to learn.
with_entities() { # FILE OUT
    [ -s "$2" ] && return
    awk -v RS= -v ORS='\n\n' '/\tB-/' "$1" >"$2.part"
    mv "$2.part" "$2"
}

project() { # SOURCE SHARE LIMIT OUT
    [ -s "$4" ] && return
    "$python" -m core project --source-file "$1" --source en --target "$language" \
        --translator apertium --aligner noisy --set aligner.share="$2" --set labels=PER,LOC,ORG \
        --limit "$3" --out "$4"
}

one() { # SHARE METHOD SEED PERTURBATIONS TEST REPORT: train, then examine
    local folder=$out/$language/$1/$2-$3 kept=$counts/$language/$1/$2-$3.npz model
    [ -z "$6" ] && [ -s "$kept" ] && return
    model=$folder
    if [ "$2" = source ]; then
        model=assets/tagger
    elif [ ! -f "$folder/done" ]; then
        # shellcheck disable=SC2046
        "$python" -m core train ner --data "$out/$language.$1.conll" --language "$language" --dev none \
            --base assets/tagger $(how "$2") --updates "$updates" --batch 16 --learning-rate 0.0005 --seed "$3" \
            --out "$folder" --quiet
        touch "$folder/done"
    fi
    if [ ! -s "$folder$6.json" ]; then
        "$python" -m core evaluate --perturb "$4" --test "$language=$5" --tagger "$model" \
            --train-file "$out/$language.0.conll" --source "$language" --set labels=PER,LOC,ORG --seeds 0 \
            --keep "$folder$6.kept" --json --quiet >"$folder$6.part"
        mv "$folder$6.part" "$folder$6.json"
    fi
    [ -n "$6" ] || "$python" -m core compare-seeds --run "$2/$3=$folder.kept" --labels PER,LOC,ORG \
        --language "$language" --counts "$(dirname "$kept")" --json --quiet >"$folder.counted"
}
export -f one how

compare() { # SHARE METHODS…: over all seeds, on all test sets
    local share=$1 runs=() method seed
    shift
    for method in "$@"; do
        for seed in $seeds; do
            runs+=(--run "$method/$seed=$counts/$language/$share/$method-$seed.npz")
        done
    done
    "$python" -m core compare-seeds "${runs[@]}" --baseline plain --labels PER,LOC,ORG \
        --language "$language" --json --quiet >"$out/$language/$share.json"
}

plan() {
    local share method seed
    if [ "${1:-}" = tune ]; then
        for method in $tried; do echo "0 $method 1 all $out/$language.dev.conll .dev"; done
        return
    fi
    echo "0 source 0 all $test"
    for seed in $seeds; do for method in $methods; do echo "0 $method $seed all $test"; done; done
    for seed in $seeds; do for share in "$@"; do for method in $noisy_methods; do
        echo "$share $method $seed p3,typos $test"
    done; done; done
}

with_entities "$ewt-train.first-commit-cleaned.iob2" "$out/en.train.iob2"
with_entities "$ewt-dev.iob2" "$out/en.dev.iob2"
shares=("$@")
if [ "${1:-}" = tune ]; then
    shares=()
    project "$out/en.dev.iob2" 0 400 "$out/$language.dev.conll"
fi
for share in 0 ${shares[@]+"${shares[@]}"}; do
    mkdir -p "$out/$language/$share"
    project "$out/en.train.iob2" "$share" 3000 "$out/$language.$share.conll"
done
plan "$@" | xargs -P "${AT_ONCE:-2}" -L 1 bash -c 'set -euo pipefail; one "$@" ""' one
[ "${1:-}" = tune ] && exit
# shellcheck disable=SC2086
compare 0 $methods
for share in ${shares[@]+"${shares[@]}"}; do
    # shellcheck disable=SC2086
    compare "$share" $noisy_methods
done
