#!/usr/bin/env bash
# Submits a sweep as a Slurm job array of SHARES tasks, and a job that merges them when all have ended.
#
#   scripts/slurm/submit.sh FILE SHARES [words for fondaco, such as --store DIR or --set PATH=VALUE]
#
# FONDACO names the program if it is not on the path; SBATCH_… variables ask for partition, time and memory. Any other
# scheduler that can run a command does the same with `fondaco sweep run FILE --shard i/n` and `fondaco sweep merge FILE`.
set -euo pipefail
[ $# -ge 2 ] || { sed -n '2,7s/^# \{0,1\}//p' "$0" >&2; exit 2; }
file=$1 shares=$2
shift 2
here=$(cd "$(dirname "$0")" && pwd)
program=${FONDACO:-fondaco}
# Tells a fault of the file now, rather than in every task.
"$program" check "$file"
export FONDACO=$program FONDACO_FILE=$file FONDACO_WORDS=$*
array=$(sbatch --parsable --array="1-$shares" --export=ALL "$here/sweep.sh")
merge=$(sbatch --parsable --dependency="afterany:$array" --export=ALL --job-name=fondaco-merge \
    --output=%x-%j.out --wrap "$program sweep merge $file $*")
echo "array $array of $shares shares, merge $merge"
