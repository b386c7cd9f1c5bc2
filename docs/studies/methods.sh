# What the studies call a method, as options of `train`. `fgm@0.3` is FGM with the radius 0.3.
how() { # METHOD; the variable `augmented` says what `augment` adds
    local name=${1%@*} radius=${1#*@}
    case $1 in
        augment) echo "$augmented" ;;
        fgm@*) echo "--method fgm:radius=$radius" ;;
        pgd@* | freelb@*) # an ascent is a third of the radius long
            echo "--method $name:radius=$radius,rate=$(awk "BEGIN { print $radius * 0.3 }")" ;;
        *) echo "--method $1" ;;
    esac
}
