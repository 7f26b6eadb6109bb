#!/usr/bin/env bash
#SBATCH --job-name=fondaco-sweep
#SBATCH --cpus-per-task=1
#SBATCH --output=%x-%A_%a.out
# One share of a sweep for each task of a job array; another job puts the shares together when all have ended.
#
#   scripts/slurm/submit.sh FILE SHARES [words for fondaco, such as --store DIR]
#
# A task that is killed or runs out of time loses nothing: submit again, and finished runs are not made again.
set -euo pipefail
: "${FONDACO_FILE:?submit by scripts/slurm/submit.sh}" "${SLURM_ARRAY_TASK_ID:?run as a task of a job array}"
read -r -a words <<< "${FONDACO_WORDS:-}"
exec "${FONDACO:-fondaco}" sweep run "$FONDACO_FILE" ${words[@]+"${words[@]}"} \
    --shard "$SLURM_ARRAY_TASK_ID/$SLURM_ARRAY_TASK_MAX" --threads "${SLURM_CPUS_PER_TASK:-1}"
