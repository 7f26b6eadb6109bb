//! How long it takes to grow the graph of peers, by generator and number of places.

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use fondaco::draw::{Address, Purpose, Seed};
use fondaco::network::{Generator, NetworkSettings, Node, grow};

/// Forty districts one after another, ten sectors, sizes with a Pareto tail.
fn country(places: u32) -> Vec<Node> {
    let node = |place: u32| {
        let draw = Seed::new(1, 0).block(Address::row(place, Purpose::Sample));
        Node {
            home: 0,
            district: (u64::from(place) * 40 / u64::from(places)) as u16,
            sector: (draw.word(0) % 10) as u8,
            size: 1.0 / draw.uniform(1),
        }
    };
    (0..places).map(node).collect()
}

fn by_size(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("homophilous");
    group.sample_size(10);
    for places in [10_000, 100_000, 1_000_000] {
        let nodes = country(places);
        group.throughput(Throughput::Elements(u64::from(places)));
        group.bench_function(BenchmarkId::from_parameter(places), |bencher| {
            bencher.iter(|| grow(&NetworkSettings::default(), &nodes, Seed::new(1, 0)));
        });
    }
    group.finish();
}

fn by_generator(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("offline ties of 100000 places");
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
