//! How long it takes to grow the graph of peers, by generator and number of slots.

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use fondaco::draw::{Address, Purpose, Seed};
use fondaco::network::{Generator, NetworkSettings, Node, grow};

/// Forty districts one after another, ten sectors, sizes with a Pareto tail.
fn country(slots: u32) -> Vec<Node> {
    let node = |slot: u32| {
        let draw = Seed::new(1, 0).block(Address::row(slot, Purpose::Sample));
        Node {
            home: 0,
            district: (u64::from(slot) * 40 / u64::from(slots)) as u16,
            sector: (draw.word(0) % 10) as u8,
            size: 1.0 / draw.uniform(1),
        }
    };
    (0..slots).map(node).collect()
}

fn by_size(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("homophilous");
    group.sample_size(10);
    for slots in [10_000, 100_000, 1_000_000] {
        let nodes = country(slots);
        group.throughput(Throughput::Elements(u64::from(slots)));
        group.bench_function(BenchmarkId::from_parameter(slots), |bencher| {
            bencher.iter(|| grow(&NetworkSettings::default(), &nodes, Seed::new(1, 0)));
        });
    }
    group.finish();
}

fn by_generator(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("offline ties of 100000 slots");
    group.sample_size(10);
    let nodes = country(100_000);
    for generator in [
        Generator::Homophilous,
        Generator::BarabasiAlbert,
        Generator::WattsStrogatz,
        Generator::ErdosRenyi,
        Generator::StochasticBlock,
        Generator::Geographic,
    ] {
        let settings = NetworkSettings { generator, online: 0.0, ..NetworkSettings::default() };
        group.bench_function(BenchmarkId::from_parameter(format!("{generator:?}")), |bencher| {
            bencher.iter(|| grow(&settings, &nodes, Seed::new(1, 0)));
        });
    }
    group.finish();
}

criterion_group!(benches, by_size, by_generator);
criterion_main!(benches);
