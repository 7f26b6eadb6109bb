#!/usr/bin/env bash
# Kills a sweep with SIGKILL at random moments, resumes it, and compares what it leaves with an undisturbed one.
#
#   scripts/kill_campaign.sh [KILLS=200] [PROGRAM=target/release/fondaco]
#
# Every time the sweep comes to its end in spite of the kills, its store and its table have to be those of the
# undisturbed sweep to the byte; then it begins again until all kills are done.
set -euo pipefail

kills=${1:-200}
program=$(realpath "${2:-target/release/fondaco}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

cat > tiny.toml <<'TOML'
run.years = 2
run.burn_in = 1
population.firms = 60
world.largest = 20
TOML
cat > tiny-sweep.toml <<'TOML'
scenario = "tiny.toml"
[sweep]
design = "sobol"
points = 1500
replicates = 2
[axis.founders]
setting = "mechanism.founder.contacts"
distribution = "uniform"
low = 0
high = 2
[axis.theta_min]
setting = "trajectory.theta_min"
distribution = "uniform"
low = 0
high = 0.3
TOML

sweep() { "$program" sweep "$@" tiny-sweep.toml --store "$store"; }

store=undisturbed
sweep run --quiet -j 2 2> /dev/null || true
sweep export --format csv 2> /dev/null
rows=$(wc -l < undisturbed/runs.csv)
failed=$(grep -c 'is above theta' undisturbed/runs.csv || true)
echo "undisturbed: $((rows - 1)) runs, $failed of them failed as they should"

store=killed
done=0 rounds=0 torn=0
compare() {
    cmp undisturbed/runs.seg killed/runs.seg
    sweep export --format csv 2> /dev/null
    cmp undisturbed/runs.csv killed/runs.csv
    rm -rf killed
    rounds=$((rounds + 1))
}
while [ "$done" -lt "$kills" ]; do
    "$program" sweep run tiny-sweep.toml --store killed --quiet -j 2 2>> said.txt &
    child=$!
    # From right after the start to well into the work.
    sleep "0.$(printf '%03d' $((RANDOM % 600)))"
    kill -9 "$child" 2> /dev/null || true
    status=0
    wait "$child" 2> /dev/null || status=$?
    case $status in
        137) done=$((done + 1)) ;;
        0 | 1) compare ;; # 1: some points contradict themselves, as they should
        *) echo "the sweep ended with $status: $(tail -n 3 said.txt)" >&2; exit 1 ;;
    esac
done
torn=$(grep -c 'unfinished runs were cut off' said.txt || true)
sweep resume --quiet -j 2 2>> said.txt || sweep run --quiet -j 2 2>> said.txt || true
compare
echo "$done kills, $rounds sweeps brought to their end: every store and table equal to the undisturbed ones; $torn torn ends cut off"
