#!/usr/bin/env bash
# Tests submit.sh against a real Slurm of one node: shares, a cancelled array, a second submission, the merge.
#
#   apt-get install slurm-wlm && scripts/slurm/one_node.sh [PROGRAM=target/release/fondaco]
#
# Starts munged (unless it runs), slurmctld and slurmd for itself, in a folder of its own, and ends those it started.
# Wants to be root, as slurmd does.
set -euo pipefail

program=$(realpath "${1:-target/release/fondaco}")
here=$(cd "$(dirname "$0")" && pwd)
for word in slurmctld slurmd munge sbatch; do
    command -v "$word" > /dev/null || { echo "no $word here: install slurm-wlm; nothing was tested" >&2; exit 1; }
done
work=$(mktemp -d)
chmod 755 "$work"
node=$(hostname -s)
started=()
finish() {
    for pid in "${started[@]+"${started[@]}"}"; do
        kill "$pid" 2> /dev/null || true
        for _ in $(seq 50); do
            kill -0 "$pid" 2> /dev/null || break
            sleep 0.1
        done
    done
    rm -rf "$work"
}
trap finish EXIT

if ! munge -n > /dev/null 2>&1; then
    mkdir -p /run/munge && chown munge /run/munge
    su -s /bin/sh munge -c "$(command -v munged)"
    started+=("$(cat /run/munge/munged.pid)")
fi
mkdir "$work/state" "$work/spool"
cat > "$work/slurm.conf" <<CONF
ClusterName=one
SlurmctldHost=$node
AuthType=auth/munge
SlurmUser=root
SlurmdUser=root
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool
SlurmctldPidFile=$work/slurmctld.pid
SlurmdPidFile=$work/slurmd.pid
SlurmctldLogFile=$work/slurmctld.log
SlurmdLogFile=$work/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
ReturnToService=2
NodeName=$node CPUs=$(nproc) State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES State=UP
CONF
export SLURM_CONF=$work/slurm.conf FONDACO=$program
for daemon in slurmctld slurmd; do
    "$daemon"
    until [ -s "$work/$daemon.pid" ]; do sleep 0.1; done
    started+=("$(cat "$work/$daemon.pid")")
done
for _ in $(seq 50); do
    sinfo -h -o %t 2> /dev/null | grep -q idle && break
    sleep 0.2
done

cd "$work"
cat > tiny.toml <<'TOML'
run.years = 3
run.burn_in = 2
population.firms = 400
world.largest = 20
TOML
cat > grid.toml <<'TOML'
scenario = "tiny.toml"
[sweep]
replicates = 100
outcomes = ["exporter_share"]
[axis.founders]
setting = "mechanism.founder.contacts"
values = [0, 0.5, 1, 2]
[axis.rate]
setting = "mechanism.sns.rate"
values = [0, 5, 10]
TOML
over() {
    for _ in $(seq 600); do
        [ -z "$(squeue -h)" ] && return
        sleep 0.2
    done
    echo "the jobs do not end" >&2
    exit 1
}
"$program" sweep run grid.toml --store whole --quiet
"$here/submit.sh" grid.toml 3 --store shared
# Whatever has begun by now is stopped in the middle of its work; the rest is cancelled in the queue.
sleep 1
scancel --user="$(id -un)"
over
"$here/submit.sh" grid.toml 3 --store shared
over
cat fondaco-merge-*.out
cmp whole/runs.seg shared/runs.seg
echo "the merged store has the bytes of the undisturbed one"
