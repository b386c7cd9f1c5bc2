#!/usr/bin/env bash
# Does robust training during transfer by projection make question answering more robust?
#
# The bundled reader, which was trained on English SQuAD, goes on learning from SQuAD as it was carried
# over to Spanish by translation and projection, plainly or by a robust method, and is tested on XQuAD:
# Spanish clean and under every perturbation of questions, English and German (which no step has seen)
# clean. Every run has the same data and the same number of steps.
#
#   docs/studies/qa.sh FOLDER
#
# FOLDER gets the models and reports. What was counted of each run, without any text, goes to COUNTS
# (default docs/studies/counts/qa); a run whose counts are there is not made again, so the script can be
# stopped at any time, and go on elsewhere. AT_ONCE runs go on side by side (default 2); SEEDS, METHODS
# and QUESTIONS (of each test set, default 153) change the rows.
set -euo pipefail
cd "$(dirname "$0")/../.."
export out
out=$(mkdir -p "$1" && cd "$1" && pwd)
data=${SPANBRIDGE_DATA:-../shared/data}
squad=$data/squad/train-v1.1.44articles.json
ewt=$data/uner/English-EWT/en_ewt-ud-train.first-commit-cleaned.iob2
export OMP_NUM_THREADS=1 data
export python=${PYTHON:-.venv/bin/python} questions=${QUESTIONS:-153}
export counts=${COUNTS:-docs/studies/counts/qa}
seeds=${SEEDS:-1 2 3}
methods=${METHODS:-plain fgm@0.1 pgd@0.1 freelb@0.1 r3f rdrop augment agreement}
# shellcheck source=docs/studies/methods.sh
source docs/studies/methods.sh
export augmented="--augment typos --augment entity_swap --augment distractors"

one() { # METHOD SEED: train, then examine
    local folder=$out/$1-$2 model language
    model=$folder
    [ -s "$counts/es/$1-$2.npz" ] && [ -s "$counts/en/$1-$2.npz" ] && [ -s "$counts/de/$1-$2.npz" ] && return
    if [ "$1" = source ]; then
        model=assets/reader
    elif [ ! -f "$folder/done" ]; then
        # shellcheck disable=SC2046
        "$python" -m core train qa --data "$out/squad.es.json" --language es --dev none \
            --base assets/reader $(how "$1") --updates 50 --batch 8 --learning-rate 0.0005 --seed "$2" \
            --set longest=192 --set stride=48 --out "$folder" --quiet
        touch "$folder/done"
    fi
    examine "$model" "$folder" es all
    for language in en de; do examine "$model" "$folder" "$language" ""; done
    for language in es en de; do
        "$python" -m core compare-seeds --questions --run "$1/$2=$folder.$language.kept" \
            --language "$language" --counts "$counts/$language" --json --quiet >"$folder.counted"
    done
}

examine() { # MODEL FOLDER LANGUAGE PERTURBATIONS
    local report=$2.$3
    [ -s "$report.json" ] && return
    "$python" -m core evaluate --questions --model "$1" --test "$3=$data/xquad/xquad.$3.json" \
        ${4:+--perturb "$4" --seeds 0 --train-file "$out/names.es.conll" --source es} --limit "$questions" --keep "$report.kept" --json --quiet >"$report.part"
    mv "$report.part" "$report.json"
}
export -f one examine how

[ -s "$out/squad.es.json" ] || "$python" -m core questions project --input "$squad" --source en \
    --target es --translator apertium --limit 2500 --out "$out/squad.es.json"
# Names to exchange: those of English-EWT, as they came over to Spanish.
[ -s "$out/names.es.conll" ] || "$python" -m core project --source-file "$ewt" --source en --target es \
    --translator apertium --set labels=PER,LOC,ORG --limit 6000 --out "$out/names.es.conll"
{
    echo source 0
    for seed in $seeds; do for method in $methods; do echo "$method $seed"; done; done
} | xargs -P "${AT_ONCE:-2}" -L 1 bash -c 'set -euo pipefail; one "$@"' one
for language in es en de; do
    runs=()
    for method in $methods; do
        for seed in $seeds; do runs+=(--run "$method/$seed=$counts/$language/$method-$seed.npz"); done
    done
    "$python" -m core compare-seeds --questions "${runs[@]}" --baseline plain --language "$language" \
        --json --quiet >"$out/$language.json"
done
