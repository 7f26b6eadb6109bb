//! What a run of a sweep costs, and what keeping it costs: settling its point, the run, its record, and a commit to the
//! disk.
//!
//! Committing waits for the disk. `sweep run` commits at most five times a second and for at most a fiftieth of the time,
//! so a run bears its record and the share of a commit that falls on it. Numbers of `cargo bench -p fondaco-benches --bench sweep`; the
//! store lies in the folder for temporary files, `TMPDIR` puts it on another disk.

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use fondaco::experiment::sweep::file::read;
use fondaco::experiment::sweep::store::{Ended, Store};
use fondaco::experiment::sweep::task::Names;
use std::hint::black_box;
use std::path::Path;
use std::sync::atomic::AtomicBool;

fn sweeps(criterion: &mut Criterion) {
    let (sweep, _) = read(Path::new("../scenarios/sweeps/sns-founders.toml"), &[]).expect("the sweep is sound");
    let names = Names::of(&sweep, "bench");
    let never = AtomicBool::new(false);
    let settled = sweep.subject.settle(&sweep.settings(0)).expect("the point is sound");
    let run = || settled.run(0, &never).expect("the run goes well").expect("nobody stops it");
    let ended = Ended::Done(run());

    let mut group = criterion.benchmark_group("sweep");
    group.sample_size(10);
    group.bench_function("settling a point", |bencher| {
        bencher.iter(|| sweep.subject.settle(&sweep.settings(0)).map(drop));
    });
    group.bench_function("run", |bencher| bencher.iter(|| black_box(run())));
    let fresh = || {
        let folder = tempfile::tempdir().expect("there is room for a folder");
        let (store, _) = Store::write(folder.path(), false).expect("nobody else writes there");
        (folder, store)
    };
    group.bench_function("record of a run", |bencher| {
        let (_folder, mut store) = fresh();
        let mut replicate = 0;
        bencher.iter(|| {
            replicate += 1;
            store.put(&names.chapter, &names.id(0, replicate), &ended)
        });
    });
    group.bench_function("commit of a run", |bencher| {
        let recorded = || {
            let (folder, mut store) = fresh();
            store.put(&names.chapter, &names.id(0, 0), &ended).expect("nothing is written yet");
            (folder, store)
        };
        bencher.iter_batched(
            recorded,
            |(folder, mut store)| {
                store.commit().expect("the disk takes it");
                (folder, store)
            },
            BatchSize::PerIteration,
        );
    });
    group.finish();
}

criterion_group!(benches, sweeps);
criterion_main!(benches);
