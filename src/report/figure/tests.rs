//! Every figure is drawn on ordinary, extreme, tiny and empty numbers, and what comes out is read back.
//!
//! With `FONDACO_FIGURES` set to a folder, the drawings are left there to be looked at.

use std::path::{Path, PathBuf};

use super::map::Market;
use super::network::{Node, NodeKind, Tie};
use super::sheet::Frame;
use super::*;
use crate::number::f64s;

fn caption() -> Caption {
    Caption {
        n: 12_400,
        of: "firms".to_owned(),
        scenario: "reference".to_owned(),
        seed: 7,
        note: "made-up numbers".to_owned(),
        method: "drawn by a test".to_owned(),
    }
}

/// Where drawings go: kept if asked for, else in a folder that is removed.
struct Desk {
    folder: PathBuf,
    _held: tempfile::TempDir,
}

fn desk(name: &str) -> Desk {
    let held = tempfile::tempdir().unwrap();
    let kept = std::env::var_os("FONDACO_FIGURES").map(|folder| PathBuf::from(folder).join(name));
    Desk { folder: kept.unwrap_or_else(|| held.path().to_owned()), _held: held }
}

/// A number between 0 and 1 that looks random.
fn noise(i: usize) -> f64 {
    let turned = (i as f64 + 1.0) * 12.9898;
    (f64s::sin(turned) * 43_758.545_3).rem_euclid(1.0)
}

/// A figure of a journal whose column or page is so wide.
fn plain(width: f64) -> Look {
    Look { style: FigureStyle::Plain, width, ..Look::default() }
}

fn check(picture: &dyn Picture, case: &str) {
    let desk = desk(case);
    let drawn = draw(picture, &caption(), &Look::default(), &desk.folder).unwrap();
    let name = format!("{case}/{}", picture.stem());
    for (look, words) in [(Look::default(), "report"), (plain(84.0), "84 mm"), (plain(174.0), "174 mm")] {
        check_words(picture, &look, &format!("{name} ({words})"));
    }
    check_svg(&drawn, &name);
    check_png(&drawn, picture.size(), &name);
    check_data(picture, &drawn, &name);
    let again = tempfile::tempdir().unwrap();
    let twin = draw(picture, &caption(), &Look::default(), again.path()).unwrap();
    for (one, other) in drawn.files.iter().zip(&twin.files) {
        assert_eq!((one.0.bytes, &one.0.blake3), (other.0.bytes, &other.0.blake3), "{name}");
    }
    let left = std::fs::read_dir(again.path()).unwrap().count();
    assert_eq!((left, drawn.files.len()), (3, 3), "{name} leaves SVG, PNG and CSV");
    if std::env::var_os("FONDACO_FIGURES").is_some() {
        draw(picture, &caption(), &plain(84.0), &desk.folder.join("84")).unwrap();
        draw(picture, &caption(), &plain(174.0), &desk.folder.join("174")).unwrap();
    }
}

/// The numbers drawn are beside the drawing, and there are some wherever something is drawn.
fn check_data(picture: &dyn Picture, drawn: &Drawn, name: &str) {
    let text = std::fs::read_to_string(drawn.svg.with_extension("csv")).unwrap();
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let columns = reader.headers().unwrap().len();
    let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.unwrap()).collect();
    assert!(columns > 1 && rows.len() == picture.data().len(), "{name}");
    assert!(picture.lack().is_some() || !rows.is_empty(), "{name} is drawn from nothing");
    assert!(!text.contains("NaN") && !text.contains("inf,"), "{name}: {text}");
}

/// No two texts overlap and none leaves the page.
fn check_words(picture: &dyn Picture, look: &Look, name: &str) {
    let (sheet, words) = compose(picture, &caption(), look);
    let page = Frame { left: 0.0, top: 0.0, right: sheet.wide, bottom: sheet.high };
    let texts = sheet.texts();
    for (i, (text, frame)) in texts.iter().enumerate() {
        assert!(page.holds(frame), "{name}: {text:?} leaves the page: {frame:?}");
        for (other, beneath) in &texts[..i] {
            assert!(!frame.meets(beneath), "{name}: {text:?} lies on {other:?}");
        }
    }
    for text in [&words.title, &words.alt] {
        assert!(!text.contains("NaN") && !text.contains("inf "), "{name}: {text}");
        assert!(text.len() > 10, "{name}: {text}");
    }
}

fn check_svg(drawn: &Drawn, name: &str) {
    let text = std::fs::read_to_string(&drawn.svg).unwrap();
    assert!(text.starts_with("<svg ") && text.contains("role=\"img\"") && text.contains("aria-labelledby"), "{name}");
    let mut reader = quick_xml::Reader::from_str(&text);
    let (mut open, mut title, mut within) = (0, String::new(), String::new());
    loop {
        match reader.read_event().unwrap_or_else(|error| panic!("{name} is no XML: {error}")) {
            quick_xml::events::Event::Start(tag) => {
                open += 1;
                within = tag.name().as_ref().to_owned();
                for attribute in tag.attributes() {
                    attribute.unwrap();
                }
            }
            quick_xml::events::Event::End(_) => {
                open -= 1;
                within.clear();
            }
            quick_xml::events::Event::Text(part) if within == "title" => {
                title.push_str(&part);
            }
            quick_xml::events::Event::GeneralRef(part) if within == "title" => {
                title.push_str(match &*part {
                    "amp" => "&",
                    "lt" => "<",
                    "gt" => ">",
                    "quot" => "\"",
                    "apos" => "'",
                    other => panic!("{name}: &{other};"),
                });
            }
            quick_xml::events::Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(open, 0, "{name}");
    assert_eq!(title, drawn.title, "{name}");
    assert!(!text.contains("NaN"), "{name}");
    assert!(text.len() < 1_200_000, "{name}: {} bytes", text.len());
}

fn check_png(drawn: &Drawn, size: (f64, f64), name: &str) {
    let file = std::io::BufReader::new(std::fs::File::open(drawn.svg.with_extension("png")).unwrap());
    let mut reader = png::Decoder::new(file).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size()];
    let info = reader.next_frame(&mut pixels).unwrap();
    assert_eq!(
        (f64::from(info.width), f64::from(info.height)),
        ((size.0 * 2.5).floor(), (size.1 * 2.5).floor()),
        "{name}"
    );
    let dark = pixels.chunks(3).filter(|pixel| pixel.iter().all(|&part| part < 140)).count();
    assert!(dark > 1_500, "{name} has {dark} dark pixels");
    assert!(pixels[..3] == [255, 255, 255], "{name} begins in white");
}

fn check_all(picture: [&dyn Picture; 3]) {
    for (picture, case) in picture.into_iter().zip(["normal", "tiny", "empty"]) {
        check(picture, case);
    }
    assert!(picture[0].lack().is_none() && picture[1].lack().is_none());
    assert!(picture[2].lack().is_some(), "{} does not see that it is empty", picture[2].stem());
}

#[test]
fn trajectory_is_drawn() {
    let years: Vec<i32> = (2005..=2024).collect();
    let rise = |top: f64, steep: f64| -> Vec<f64> {
        (0..20).map(|i| top * (1.0 - f64s::exp(-steep * f64::from(i))) * (0.97 + 0.06 * noise(i as usize))).collect()
    };
    use trajectory::{Class, Way};
    let class = |label: &str, way, shares: Vec<f64>| Class {
        label: label.to_owned(),
        way,
        ranges: shares.iter().map(|share| (0.9 * share, 1.1 * share)).collect(),
        shares,
    };
    let classes = vec![
        class("traditional", Way::Abroad, rise(0.11, 0.12)),
        class("born-regional", Way::Abroad, rise(0.034, 0.3)),
        class("born-global", Way::Abroad, rise(0.011, 0.3)),
        class("born-again-global", Way::Abroad, rise(0.006, 0.06)),
        class("born-again-regional", Way::Abroad, rise(0.004, 0.06)),
        class("domestic", Way::Home, vec![0.6; 20]),
        class("cannot be told", Way::Unknown, rise(0.1, 0.9)),
    ];
    let input = |years: Vec<i32>, classes| trajectory::Input {
        abroad: years.iter().map(|_| (0.11, 0.14)).collect(),
        years,
        classes,
        firms: 12_000,
    };
    let tiny = input(vec![2024], vec![class("traditional", Way::Abroad, vec![0.01])]);
    check(&input(vec![2023, 2024], vec![class("a & <b>", Way::Abroad, vec![f64::NAN, 1.0])]), "two");
    check(&input(vec![2023, 2024], vec![class("rare", Way::Abroad, vec![0.001, 0.0])]), "rare");
    check_all([
        &input(years.clone(), classes),
        &tiny,
        &input(years, vec![class("domestic", Way::Home, vec![1.0; 20])]),
    ]);
}

#[test]
fn entry_age_is_drawn() {
    let group = |label: &str, mut firms: u64, hazard: f64| {
        let row = |age: u32| {
            let enter = (firms as f64 * hazard * f64s::exp(-0.05 * f64::from(age))) as u64;
            let row = (f64::from(age), firms, enter);
            firms = (firms - enter) * 93 / 100;
            row
        };
        (label.to_owned(), (1..=20).map(row).collect::<Vec<_>>())
    };
    let groups =
        vec![group("uses SNS", 1_840, 0.031), group("no SNS", 4_210, 0.014), group("adopted later", 640, 0.022)];
    let tiny = entry_age::Input { groups: vec![("few firms".to_owned(), vec![(3.0, 30, 1), (4.0, 29, 9)])] };
    let two = vec![("all".to_owned(), vec![(0.0, 40, 0), (1.0, 40, 1)]), ("none".to_owned(), vec![])];
    check(&entry_age::Input { groups: two }, "two");
    let few = entry_age::Input { groups: vec![("one firm".to_owned(), vec![(3.0, 1, 1)])] };
    assert!(few.lack().unwrap().contains("fewer than 30"));
    check_all([&entry_age::Input { groups }, &tiny, &entry_age::Input::default()]);
}

#[test]
fn entry_order_is_drawn() {
    let point = |k: u32| {
        let mean = 14.0 + 20.0 * (1.0 - f64s::exp(-0.2 * f64::from(k))) + noise(k as usize);
        let quartiles = [mean - 8.0, mean - 1.0, mean + 9.0];
        entry_order::Order { k, n: 90_000 / u64::from(k * k), mean, quartiles, depleted: 0.97 * mean, margin: 0.4 }
    };
    let input = |points, rho: f64, markets, beyond: f64| entry_order::Input {
        points,
        rho,
        rho_depleted: 0.9 * rho,
        beyond: (beyond, beyond - 0.4, beyond + 0.4),
        markets,
    };
    let normal = input((1..=15).map(point).collect(), 0.34, 59, 0.7);
    assert_eq!(
        normal.title(),
        "Later entries go farther than running out of near markets explains: +0.70 ranks (95% 0.30 to 1.10)"
    );
    let tiny = input(vec![point(1)], f64::NAN, 0, f64::NAN);
    check(&input((1..=60).map(point).collect(), -0.2, 199, -3.0), "large");
    check(&input(vec![point(2), point(1)], 0.0, 59, 0.1), "two");
    check_all([&normal, &tiny, &entry_order::Input::default()]);
}

#[test]
fn market_count_is_drawn() {
    let counts = (1..=61_u64).map(|m| (m, (1_900.0 * f64s::pow(m as f64, -2.2)).round() as u64)).collect();
    let tiny = market_count::Input { counts: vec![(1, 1)], runs: vec![] };
    check(&market_count::Input { counts: vec![(1, 3), (2, 1)], runs: vec![0.75, 0.7] }, "two");
    check_all([
        &market_count::Input { counts, runs: vec![0.6, 0.62, 0.61] },
        &tiny,
        &market_count::Input { counts: vec![(0, 90)], runs: vec![] },
    ]);
}

#[test]
fn fsts_is_drawn() {
    let bins: Vec<u64> =
        (0..20).map(|i| (900.0 * f64s::exp(-0.3 * f64::from(i))) as u64 + 12 * (i as u64 / 16)).collect();
    let normal = fsts::Input {
        bins,
        mean: 0.187,
        share_below_20: 0.68,
        share_above_80: 0.042,
        runs: vec![(0.18, 0.67), (0.19, 0.69)],
    };
    let mut one = vec![0; 20];
    one[19] = 1;
    let tiny = fsts::Input { bins: one, mean: 0.99, share_below_20: 0.0, share_above_80: 1.0, runs: vec![] };
    check_all([&normal, &tiny, &fsts::Input { bins: vec![0; 20], mean: f64::NAN, ..fsts::Input::default() }]);
}

#[test]
fn stage_is_drawn() {
    let labels: Vec<String> =
        ["sporadic export", "agent", "sales subsidiary", "production", "none"].map(str::to_owned).into();
    let counts = vec![
        vec![0, 1_204, 61, 3, 2_310],
        vec![140, 0, 402, 18, 377],
        vec![12, 44, 0, 96, 61],
        vec![0, 1, 9, 0, 6],
        vec![12_920, 310, 22, 2, 0],
    ];
    let tiny = stage::Input { counts: vec![vec![0, 1]], labels: labels[..2].to_vec(), stages: 2 };
    let empty = stage::Input { counts: vec![], labels: labels.clone(), stages: 4 };
    check(&stage::Input { counts: vec![vec![1]], labels: vec!["a".to_owned()], stages: 1 }, "one");
    check_all([&stage::Input { counts, labels, stages: 4 }, &tiny, &empty]);
}

#[test]
fn distance_is_drawn() {
    let mut cells = Vec::new();
    for x in 0..50_u32 {
        for y in 0..50_u32 {
            let (a, b) = (f64::from(x) / 50.0, f64::from(y) / 50.0);
            let off = (b - 0.85 * a) / 0.09;
            let pairs = 40_000.0 * f64s::exp(-0.5 * off * off) * f64s::exp(-12.0 * (a - 0.55) * (a - 0.55));
            cells.push((x, y, pairs as u64));
        }
    }
    let normal = distance::Input { cells, x_width: 0.02, y_width: 0.02, runs: vec![-0.3, -0.32] };
    let tiny = distance::Input { cells: vec![(3, 2, 1)], x_width: 0.05, y_width: 0.05, runs: vec![] };
    check_all([&normal, &tiny, &distance::Input::default()]);
}

#[test]
fn diffusion_is_drawn() {
    let years: Vec<i32> = (2008..=2024).collect();
    let curve = |top: f64, middle: f64| -> Vec<f64> {
        years.iter().map(|&year| top / (1.0 + f64s::exp(-0.45 * (f64::from(year) - middle)))).collect()
    };
    let line = |label: &str, shares: Vec<f64>| diffusion::Line {
        label: label.to_owned(),
        ranges: shares.iter().map(|share| (share - 0.02, share + 0.02)).collect(),
        runs: [-0.02, 0.02].map(|by| shares.iter().map(|share| share + by).collect()).into(),
        shares,
    };
    let lines = vec![line("all firms", curve(0.52, 2015.0)), line("10+ employees", curve(0.66, 2013.5))];
    let source = || "official survey, 10+ employees".to_owned();
    let published = [(2013, 0.30), (2014, 0.34), (2015, 0.39), (2017, 0.47), (2019, 0.53), (2021, 0.59), (2023, 0.61)];
    let point = |(year, share)| diffusion::Published { year, share, label: source(), target: year > 2014 };
    let published = published.map(point).into();
    let tiny = diffusion::Input { years: vec![2020], lines: vec![line("all", vec![0.0])], published: vec![] };
    check_all([&diffusion::Input { years, lines, published }, &tiny, &diffusion::Input::default()]);
}

#[test]
fn degree_is_drawn() {
    let kind = |label: &str, slope: f64, most: u64| {
        let counts = (0..=most).map(|k| (k, (9_000.0 * f64s::pow(k as f64 + 2.0, slope)) as u64)).collect();
        (label.to_owned(), counts)
    };
    let kinds =
        vec![kind("offline peers", -1.6, 40), kind("online peers", -1.4, 300), kind("cross-border ties", -2.4, 60)];
    let tiny =
        degree::Input { kinds: vec![("offline peers".to_owned(), vec![(0, 1), (1, 1)])], runs: vec![vec![0.5, 0.6]] };
    let empty = degree::Input { kinds: vec![("offline peers".to_owned(), vec![(0, 10)])], runs: vec![] };
    check_all([&degree::Input { kinds, runs: vec![] }, &tiny, &empty]);
}

#[test]
fn network_is_drawn() {
    let homes = ["Germany", "Italy", "Finland"];
    let abroad = ["United States", "France", "Japan", "Poland", "Brazil", "Spain"];
    let mut nodes = Vec::new();
    for i in 0..45 {
        nodes.push(Node {
            label: format!("firm {}", i + 1),
            kind: NodeKind::Firm,
            group: homes[i % 3].to_owned(),
            size: 100.0 / (i as f64 + 1.0),
            online: noise(i) < 0.5,
            best: i < 5,
        });
    }
    for i in 0..80 {
        let group = abroad[(noise(i + 500) * 6.0) as usize].to_owned();
        nodes.push(Node {
            label: format!("partner {i}"),
            kind: NodeKind::Partner,
            group,
            size: 0.6,
            online: i % 4 == 0,
            best: false,
        });
    }
    let mut edges = Vec::new();
    for i in 0..80 {
        let firm = (45.0 * noise(i) * noise(i)) as usize;
        edges.push((firm, 45 + i, if noise(i + 99) < 0.35 { Tie::Online } else { Tie::Offline }));
    }
    for i in 0..60 {
        let firm = (45.0 * noise(i + 200)) as usize;
        let kind = if i % 3 == 0 { Tie::PeerOnline } else { Tie::Peer };
        edges.push((firm, (firm + 3 * (1 + i % 4)) % 45, kind));
    }
    let two = vec![Node { label: "a".to_owned(), ..Node::default() }, Node::default()];
    let tiny = network::Input {
        nodes: two.clone(),
        edges: vec![(0, 1, Tie::Peer), (1, 0, Tie::Peer), (0, 9, Tie::Online)],
        ..network::Input::default()
    };
    check_all([
        &network::Input { nodes, edges, measure: "foreign sales".to_owned() },
        &tiny,
        &network::Input { nodes: two, edges: vec![(0, 0, Tie::Peer)], ..network::Input::default() },
    ]);
}

/// Outlines kept beside the drawings (a JSON list of rings), or a few rough shapes.
fn outlines() -> Vec<Vec<(f32, f32)>> {
    let kept = std::env::var_os("FONDACO_FIGURES").map(|folder| Path::new(&folder).join("outlines.json"));
    let read = kept.and_then(|path| std::fs::read_to_string(path).ok());
    read.map_or_else(rough, |text| serde_json::from_str(&text).unwrap())
}

fn rough() -> Vec<Vec<(f32, f32)>> {
    vec![
        vec![(-10.0, 36.0), (30.0, 36.0), (60.0, 66.0), (10.0, 60.0), (-10.0, 36.0)],
        vec![(170.0, 60.0), (-170.0, 60.0), (-170.0, 70.0), (170.0, 70.0)],
        vec![(-180.0, -90.0), (180.0, -90.0), (180.0, -70.0)],
        vec![],
    ]
}

#[test]
fn map_is_drawn() {
    let places = [
        ("Germany", 10.4, 51.1, 812.0),
        ("France", 2.4, 46.6, 701.0),
        ("United States", -98.0, 39.5, 655.0),
        ("United Kingdom", -1.8, 53.0, 540.0),
        ("Switzerland", 8.2, 46.8, 388.0),
        ("Netherlands", 5.3, 52.2, 350.0),
        ("Spain", -3.6, 40.2, 333.0),
        ("Poland", 19.3, 52.1, 290.0),
        ("Austria", 14.1, 47.6, 288.0),
        ("China", 104.0, 35.0, 240.0),
        ("Japan", 138.0, 36.5, 90.0),
        ("Brazil", -52.0, -10.0, 75.0),
        ("Australia", 134.0, -25.0, 41.0),
        ("South Africa", 25.0, -29.0, 22.0),
        ("Morocco", -6.0, 32.0, 18.0),
        ("Nowhere", f64::NAN, 0.0, 5.0),
        ("Iceland", -18.6, 65.0, 2.0),
    ];
    let market = |(name, longitude, latitude, count): (&str, f64, f64, f64)| Market {
        name: name.to_owned(),
        longitude,
        latitude,
        count,
        note: style::percent(count / 4_850.0),
    };
    let markets: Vec<Market> = places.map(market).into();
    let homes = vec![(12.5, 42.8, "Italy".to_owned())];
    let measure = "market entries".to_owned();
    let tiny = map::Input { outlines: vec![], markets: markets[..1].to_vec(), homes: vec![], measure: String::new() };
    check_all([&map::Input { outlines: outlines(), markets, homes, measure }, &tiny, &map::Input::default()]);
}

fn series_of(x: Vec<f64>, lines: Vec<series::Line>) -> series::Input {
    series::Input {
        stem: "series".to_owned(),
        about: "Exporters over time".to_owned(),
        title: "Online missions bring more firms abroad than a grant of the same cost".to_owned(),
        subtitle: "Share of firms that export (%), median and 90% interval over 100 paired runs".to_owned(),
        x,
        lines,
        x_label: "year".to_owned(),
        x_unit: style::Unit::Year,
        y_label: "share of firms that export (%)".to_owned(),
        y_unit: style::Unit::Share,
        from_zero: false,
    }
}

#[test]
fn series_is_drawn() {
    let line = |label: &str, baseline: bool, lift: f64| {
        let point = |i: usize| {
            let y = 0.12 + 0.002 * i as f64 + lift * (i as f64 - 4.0).max(0.0) + 0.001 * noise(i);
            (y, y - 0.006 - 0.0004 * i as f64, y + 0.006 + 0.0005 * i as f64)
        };
        series::Line { label: label.to_owned(), baseline, points: (0..21).map(point).collect() }
    };
    let mut lines =
        vec![line("no support", true, 0.0), line("export grant", false, 0.0008), line("online mission", false, 0.0021)];
    lines[1].points[9].0 = f64::NAN;
    let x: Vec<f64> = (2004..2025).map(f64::from).collect();
    let short = series::Line { label: "all".to_owned(), baseline: false, points: vec![(0.3, 0.2, 0.4)] };
    let many = |n: usize| (0..n).map(|i| line(&format!("arm number {i}"), i == 0, 0.0004 * i as f64)).collect();
    check(&series_of(x.clone(), many(5)), "panels");
    check(&series_of(x.clone(), many(12)), "many panels");
    // Three bands lie over each other; four get a panel each, and a higher page.
    let high = |n: usize| series_of(x.clone(), many(n)).size().1;
    assert!(high(4) == 500.0 && high(5) > high(4), "{} {}", high(4), high(5));
    check_all([&series_of(x, lines), &series_of(vec![2020.0], vec![short]), &series_of(vec![], vec![])]);
}

#[test]
fn interval_is_drawn() {
    let row = |label: &str, estimate: f64, half: f64| interval::Row {
        label: label.to_owned(),
        estimate,
        low: estimate - half,
        high: estimate + 1.1 * half,
    };
    let with = |rows| interval::Input {
        stem: "interval".to_owned(),
        about: "Effects of support measures".to_owned(),
        title: "Only advice and online missions raise exporting beyond chance".to_owned(),
        subtitle: "Additional exporters per 1,000 firms after ten years, paired difference with 95% interval"
            .to_owned(),
        rows,
        measure: "additional exporters per 1,000 firms".to_owned(),
        unit: style::Unit::Plain,
        reference: (0.0, "no effect".to_owned()),
    };
    let rows = vec![
        row("export credit guarantee", 0.4, 1.9),
        row("trade mission", 1.1, 1.4),
        row("online mission", 6.2, 2.1),
        row("advice on social network sites", 3.3, 1.5),
        row("fair subsidy", -0.7, 1.2),
        row("a measure with a name that is far too long to stand beside its estimate", 12.0, 4.0),
    ];
    check(&with(rows[..2].to_vec()), "two");
    check_all([&with(rows), &with(vec![row("one", 0.0, 0.0)]), &with(vec![])]);
}

#[test]
fn fact_is_drawn() {
    let row = |id: &str, band, simulated: [f64; 3], passes| fact::Row {
        id: id.to_owned(),
        label: "exporters with ten or more markets".to_owned(),
        band,
        published: vec![0.12, 0.04, 0.05],
        simulated,
        null: 0.015,
        passes,
        context: passes.is_none(),
        words: "falling in 93 % of seeds: 0, −0.1, −0.2".to_owned(),
    };
    let far = fact::Row { published: vec![-1e9, 1e9, f64::NAN], null: f64::NAN, ..fact::Row::default() };
    let rows = vec![
        row("C1", Some((0.03, 0.2)), [0.04, 0.06, 0.09], Some(true)),
        row("C1", Some((0.03, 0.2)), [0.21, 0.4, 9.0], Some(false)),
        row("C1", None, [f64::NAN; 3], Some(true)),
        row("C2", None, [f64::NAN; 3], None),
        fact::Row {
            id: "C3".to_owned(),
            label: "a number with a name ".repeat(9),
            words: "words ".repeat(90),
            ..far.clone()
        },
        fact::Row { id: "C3".to_owned(), band: Some((-1e-9, 1e-9)), simulated: [f64::NAN; 3], ..far },
    ];
    let with = |rows| fact::Input { rows, passed: (1, 3) };
    check_all([&with(rows.clone()), &with(rows[..1].to_vec()), &with(vec![])]);
}

#[test]
fn descent_is_drawn() {
    let stages = ["start", "screen", "screen", "slope", "slope", "step"];
    let evaluations = |n: usize| {
        let distance = |i: usize| f64s::exp(3.0 - 0.1 * i as f64 + noise(i));
        (0..n).map(|i| (stages[i.min(2 + (i + 1) % 4)].to_owned(), distance(i))).collect()
    };
    let flat = descent::Input { evaluations: vec![("start".to_owned(), 1e-12), ("unheard of".to_owned(), 0.0)] };
    check_all([&descent::Input { evaluations: evaluations(60) }, &flat, &descent::Input::default()]);
}

#[test]
fn pin_is_drawn() {
    let table = |parameters: usize, targets: usize| pin::Input {
        parameters: (0..parameters).map(|i| format!("mechanism.section_{i}.a_parameter_{i}")).collect(),
        targets: (0..targets).map(|i| format!("C{i} exporters with ten or more markets")).collect(),
        slopes: (0..targets).map(|t| (0..parameters).map(|p| 12.0 * noise(t * 31 + p) - 6.0).collect()).collect(),
    };
    let mut holes = table(3, 4);
    holes.slopes[1][2] = f64::NAN;
    holes.targets[0] = "a target whose name goes on and on ".repeat(9);
    holes.parameters[1] = "mechanism.a_long_section.with_a_parameter_of_a_long_name".repeat(3);
    check_all([&table(14, 40), &holes, &pin::Input::default()]);
    for (parameters, targets) in [(1, 1), (7, 2), (20, 5)] {
        check(&table(parameters, targets), "sized");
    }
}

#[test]
fn every_figure_has_its_own_name() {
    for (i, (stem, about)) in FIGURES.iter().enumerate() {
        assert_eq!(*stem, file_stem(stem));
        assert!(about.len() > 10);
        assert!(FIGURES[..i].iter().all(|other| other.0 != *stem && other.1 != *about));
    }
    assert_eq!(file_stem("../a b"), "___a_b");
    assert_eq!(file_stem(""), "figure");
}

#[test]
fn strange_words_do_no_harm() {
    let desk = desk("strange");
    let caption = Caption {
        n: 0,
        of: "firms <b>\u{0}&amp; \"quoted\"".to_owned(),
        scenario: "a scenario whose name is much too long ".repeat(20),
        ..Caption::default()
    };
    let label = "a label that goes on and on & never says what it means, \u{7} opacity=\"1\" ".repeat(4);
    let input = diffusion::Input {
        years: vec![2010, 2011],
        lines: (0..12)
            .map(|i| diffusion::Line {
                label: format!("{i} {label}"),
                shares: vec![0.5, 0.5],
                ranges: vec![],
                runs: vec![],
            })
            .collect(),
        published: [(2010, f64::INFINITY, label.clone()), (2011, 0.2, label)]
            .map(|(year, share, label)| diffusion::Published { year, share, label, target: true })
            .into(),
    };
    let drawn = draw(&input, &caption, &Look::default(), &desk.folder).unwrap();
    check_svg(&drawn, "strange");
    check_words(&input, &Look::default(), "strange");
}

/// What a page must survive without a panic, texts over each other, or "NaN" in its words.
#[test]
fn odd_numbers_do_no_harm() {
    let odd = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 0.0, -1.0, 1e300, 1e-300, 0.5];
    let label = |i: usize| format!("class {i}");
    for shift in 0..odd.len() {
        let values: Vec<f64> = (0..6).map(|i| odd[(i + shift) % odd.len()]).collect();
        let years: Vec<i32> = vec![i32::MIN, 0, 1, 1, 2024, i32::MAX];
        let ranges: Vec<(f64, f64)> = values.iter().map(|value| (*value, -value)).collect();
        let class = |i| trajectory::Class {
            label: label(i),
            way: trajectory::Way::Abroad,
            shares: values.clone(),
            ranges: ranges.clone(),
        };
        let classes = (0..3).map(class).collect();
        survive(&trajectory::Input { years: years.clone(), classes, firms: 1, abroad: ranges.clone() });
        let line = |i| diffusion::Line {
            label: label(i),
            shares: values.clone(),
            ranges: vec![(values[0], values[1]); 6],
            runs: vec![values.clone(); 2],
        };
        survive(&diffusion::Input {
            years,
            lines: (0..3).map(line).collect(),
            published: vec![diffusion::Published { share: values[0], label: label(0), ..Default::default() }],
        });
        let rows = values.iter().map(|&age| (age, 50, 90)).collect();
        survive(&entry_age::Input { groups: vec![(label(0), rows)] });
        let point = |(i, &mean)| entry_order::Order {
            k: i as u32 % 3,
            n: 40,
            mean,
            quartiles: [mean, 0.1, mean],
            depleted: values[i],
            margin: values[0],
        };
        survive(&entry_order::Input {
            points: values.iter().enumerate().map(point).collect(),
            rho: values[1],
            rho_depleted: values[0],
            beyond: (values[0], values[1], values[2]),
            markets: 9,
        });
        let runs = vec![(values[0], values[1]); 2];
        let [mean, share_below_20, share_above_80] = [values[0], values[1], values[2]];
        survive(&fsts::Input { bins: vec![1], mean, share_below_20, share_above_80, runs });
        let (x_width, y_width, runs) = (values[0], values[1], values.clone());
        survive(&distance::Input { cells: vec![(u32::MAX, 0, 1)], x_width, y_width, runs });
        let node = |&size| Node { size, ..Node::default() };
        let edges = vec![(0, 1, Tie::Peer), (2, 5, Tie::Online), (3, usize::MAX, Tie::Offline)];
        survive(&network::Input { nodes: values.iter().map(node).collect(), edges, measure: String::new() });
        let market = |&count| Market { longitude: values[0], latitude: values[1], count, ..Market::default() };
        let homes = vec![(values[2], values[3], label(9))];
        let outlines = vec![vec![(f32::NAN, 1.0), (5.0, f32::INFINITY), (7.0, 7.0)]];
        survive(&map::Input { outlines, markets: values.iter().map(market).collect(), homes, measure: label(1) });
        let points = values.iter().map(|&y| (y, values[0], values[1])).collect();
        survive(&series_of(values.clone(), vec![series::Line { label: label(0), baseline: true, points }]));
    }
    survive(&market_count::Input { counts: vec![(u64::MAX, 1), (1, 1), (1, 0), (1, 4)], runs: vec![f64::NAN, 2.0] });
    survive(&degree::Input {
        kinds: vec![(label(1), vec![(u64::MAX, 1), (0, 7)]), (label(2), vec![])],
        runs: vec![vec![f64::NAN]],
    });
    let many: Vec<String> = (0..30).map(label).collect();
    survive(&stage::Input { counts: vec![vec![123_456_789; 30]; 40], labels: many, stages: 99 });
}

fn survive(picture: &impl Picture) {
    let (sheet, words) = compose(picture, &caption(), &Look::default());
    assert!(!words.title.contains("NaN") && !words.alt.contains("NaN"), "{}: {}", words.title, words.alt);
    assert!(!sheet.texts().is_empty());
    for look in [Look::default(), plain(84.0)] {
        draw(picture, &caption(), &look, tempfile::tempdir().unwrap().path()).unwrap();
    }
}

#[test]
fn a_folder_that_cannot_be_made_is_an_error_with_its_path() {
    let held = tempfile::tempdir().unwrap();
    let file = held.path().join("file");
    std::fs::write(&file, "x").unwrap();
    let error =
        draw(&fsts::Input::default(), &Caption::default(), &Look::default(), &file.join("figures")).unwrap_err();
    assert!(error.to_string().contains("figures"), "{error}");
}

#[test]
fn heat_is_drawn() {
    let with = |across: usize, up: usize, spread: f64| heat::Input {
        stem: "heat".to_owned(),
        about: "Born globals over two settings".to_owned(),
        title: "Founders' contacts make born globals, social media hardly do".to_owned(),
        subtitle: "Share of firms that are born global (%), mean and half width of the 95% interval over 10 replicates"
            .to_owned(),
        across: (0..across).map(|i| format!("{}", i as f64 * 2.5)).collect(),
        across_label: "contacts through social networking sites (1/year)".to_owned(),
        up: (0..up).map(|i| format!("{}", i as f64 * 0.25)).collect(),
        up_label: "contacts of founders".to_owned(),
        cells: (0..up)
            .map(|y| (0..across).map(|x| (spread * (0.01 * x as f64 + 0.04 * y as f64), 0.002)).collect())
            .collect(),
        unit: style::Unit::Share,
    };
    let mut gap = with(7, 5, 1.0);
    gap.cells[1][2].0 = f64::NAN;
    check_all([&gap, &with(1, 1, 0.0), &with(0, 0, 1.0)]);
    check(&with(30, 30, 1.0), "many");
}

#[test]
fn tornado_is_drawn() {
    let end = |level: &str, value: f64| tornado::End {
        level: level.to_owned(),
        value,
        low: value - 0.01,
        high: value + 0.01,
    };
    let row = |label: &str, least: f64, greatest: f64| tornado::Row {
        label: label.to_owned(),
        least: end("0.1", least),
        greatest: end("a long level name", greatest),
    };
    let with = |rows| tornado::Input {
        stem: "tornado".to_owned(),
        about: "What moves exporting".to_owned(),
        title: "Risk tolerance moves exporting most".to_owned(),
        subtitle: "Share of firms that export (%), mean over all other settings; whiskers: 95% interval".to_owned(),
        rows,
        measure: "share of firms that export (%)".to_owned(),
        unit: style::Unit::Share,
        mean: 0.2,
    };
    let rows = vec![row("slack", 0.18, 0.21), row("tolerance of risk", 0.11, 0.34), row("outsidership", 0.2, 0.2)];
    check_all([&with(rows), &with(vec![row("one", 0.19, 0.3)]), &with(vec![])]);
}

#[test]
fn morris_is_drawn() {
    let dot = |label: &str, mu_star: f64, sigma: f64| morris::Dot {
        label: label.to_owned(),
        mu_star,
        low: 0.9 * mu_star,
        high: 1.1 * mu_star,
        sigma,
    };
    let with = |dots| morris::Input {
        stem: "plane".to_owned(),
        about: "Screening of exporting".to_owned(),
        outcome: "Share of firms that export in the last year (%)".to_owned(),
        spoken: "the share of exporters".to_owned(),
        dots,
        unit: style::Unit::Share,
    };
    let dots = vec![
        dot("tolerance", 0.21, 0.05),
        dot("slack", 0.06, 0.09),
        dot("founders", 0.12, 0.02),
        dot("intensity", 0.02, 0.01),
        dot("outsidership", 0.19, 0.12),
    ];
    assert_eq!(with(vec![dot("one", 0.5, 0.0)]).title(), "One moves the share of exporters most, beyond chance");
    check_all([&with(dots), &with(vec![dot("one", 0.5, 0.0)]), &with(vec![dot("idle", 0.0, 0.0)])]);
}

#[test]
fn indices_is_drawn() {
    let row = |label: &str, first: f64, total: f64| indices::Row {
        label: label.to_owned(),
        first: (first, first - 0.05, first + 0.05),
        total: (total, total - 0.04, total + 0.04),
    };
    let with = |rows, noise| indices::Input {
        stem: "indices".to_owned(),
        about: "What decides exporting".to_owned(),
        outcome: "the share of exporters".to_owned(),
        rows,
        noise,
    };
    let rows = vec![row("slack", -0.01, 0.05), row("tolerance of risk", 0.5, 0.7), row("outsidership", 0.2, 0.3)];
    check_all([&with(rows, Some(0.03)), &with(vec![row("one", 1.0, 1.0)], None), &with(vec![], None)]);
}

#[test]
fn parallel_is_drawn() {
    let column = |label: &str, levels: &[&str]| parallel::Column {
        label: label.to_owned(),
        levels: levels.iter().map(|&level| level.to_owned()).collect(),
    };
    let with = |points: usize| parallel::Input {
        stem: "parallel".to_owned(),
        about: "Settings and exporting".to_owned(),
        outcome: "shares of exporters".to_owned(),
        unit: style::Unit::Share,
        columns: vec![
            column("tolerance", &[]),
            column("slack", &[]),
            column("channel", &["slope", "level", "both", "neither"]),
            column("founders' contacts at birth", &[]),
        ],
        points: (0..points)
            .map(|i| {
                let x = [noise(i), 10.0 * noise(i + 900), (4.0 * noise(i + 1800)).floor(), noise(i + 2700)];
                (x.to_vec(), 0.1 + 0.3 * x[0] + 0.01 * x[1])
            })
            .collect(),
    };
    check_all([&with(300), &with(2), &with(0)]);
    let names = (0..14).map(|i| column(&format!("weight of setting number {i} in what firms decide"), &[])).collect();
    let points = (0..40).map(|i| ((0..14).map(|k| noise(i + 97 * k)).collect(), noise(i))).collect();
    let crowded = parallel::Input { columns: names, points, ..with(0) };
    check(&crowded, "numbered");
    let (sheet, _) = compose(&crowded, &caption(), &Look::default());
    let said = sheet.texts().into_iter().filter(|(text, _)| text.contains("weight of setting number")).count();
    assert_eq!(said, 12, "every column shown has its name, in a key below");
}

/// An effect around `mean`.
fn effect(label: &str, mean: f64, half: f64) -> forest::Row {
    forest::Row { label: label.to_owned(), mean, low: mean - half, high: mean + half }
}

#[test]
fn forest_is_drawn() {
    let input = |rows| forest::Input {
        rows,
        outcome: "Exporters".to_owned(),
        unit: "firms".to_owned(),
        year: 2022,
        baseline: 762.5,
        title: "what was found".to_owned(),
    };
    let rows = vec![
        effect("trade visits", 7.25, 4.2),
        effect("readiness audits & <more>", 4.5, 5.9),
        effect("advice: documents, logistics, finance and whatever else there is", -3.5, 2.0),
        effect("social media", 25.2, 17.0),
        effect("nothing known", f64::NAN, 1.0),
    ];
    let shown = input(rows);
    assert!(shown.alt().contains("3 of 4 intervals leave 0 out"), "{}", shown.alt());
    assert!(
        input(vec![effect("a", 0.1, 0.0001)]).alt().contains("a +0.1 [+0.0999, +0.1001]"),
        "ends that differ look different"
    );
    let many = (0..30).map(|i| effect(&format!("arm {i}"), 1e7 * noise(i), 1e6)).collect();
    check(&input(many), "many");
    check_all([&shown, &input(vec![effect("one", 0.0, 0.0)]), &input(vec![])]);
}

#[test]
fn profile_is_drawn() {
    let arm = |label: &str, top: f64| {
        let rise = |k: i32| if k < 0 { 0.0 } else { top * f64s::exp(-0.2 * f64::from(k)) };
        let points = (-3..8).map(|k| (rise(k), rise(k) - 0.4, rise(k) + 0.4)).collect();
        profile::Arm { label: label.to_owned(), points }
    };
    let mut late = arm("begins late", 2.0);
    late.points.truncate(6);
    late.points[5] = (f64::NAN, f64::NAN, f64::NAN);
    let input = |arms| profile::Input { since: (-3..8).collect(), arms, title: "what was found".to_owned() };
    let shown = input(vec![
        arm("trade visits", 5.0),
        arm("advice: documents, logistics, finance and more", 1.0),
        late,
        arm("social media", -2.0),
    ]);
    let one = profile::Arm { label: "one".to_owned(), points: vec![(1.0, f64::NAN, f64::NAN)] };
    let nobody = profile::Arm { label: "nobody".to_owned(), points: vec![(f64::NAN, f64::NAN, f64::NAN); 11] };
    check_all([
        &shown,
        &profile::Input { since: vec![0], arms: vec![one], title: "what was found".to_owned() },
        &input(vec![nobody]),
    ]);
}

fn priced(label: &str, cost: f64, effect: f64) -> cost_plane::Arm {
    cost_plane::Arm {
        label: label.to_owned(),
        cost,
        effect,
        low: effect - 3.0,
        high: effect + 3.0,
        price: if effect > 3.0 { format!("{} US$ each", style::count((cost / effect) as u64)) } else { String::new() },
        pairs: (0..30).map(|i| (cost, effect + 9.0 * (noise(i) - 0.5))).collect(),
    }
}

#[test]
fn cost_plane_is_drawn() {
    let input = |arms| cost_plane::Input { arms, year: 2022, title: "what was found".to_owned() };
    let equal = ["trade visits", "audits", "research", "matching", "advice: documents, logistics", "social media"];
    let equal = equal.iter().enumerate().map(|(i, name)| priced(name, 3e6, 5.0 * i as f64 - 2.0)).collect();
    check(&input(equal), "equal");
    let shown =
        input(vec![priced("small", 1e6, 10.0), priced("large & <dear>", 4e6, 25.0), priced("beaten", 3e6, 5.0)]);
    assert!(shown.alt().ends_with("On the frontier: small and large & <dear>."), "{}", shown.alt());
    check_all([&shown, &input(vec![priced("free", 0.0, 0.0)]), &input(vec![])]);
}

#[test]
fn acceptability_is_drawn() {
    let prices: Vec<f64> = (0..13).map(|i| 1e5 * f64::from(i)).collect();
    let arm = |label: &str, top: f64| acceptability::Arm {
        label: label.to_owned(),
        shares: prices.iter().map(|price| top * price / (price + 2e5)).collect(),
    };
    let input = |arms| acceptability::Input { prices: prices.clone(), arms, title: "what was found".to_owned() };
    let shown = input(vec![arm("trade visits", 0.25), arm("never a choice", 0.001), arm("social media", 0.7)]);
    let (label, share, price) = shown.likeliest().expect("somebody is");
    assert_eq!((label.as_str(), style::rounded(price).as_str()), ("social media", "309,000"));
    assert!((share - 0.6).abs() < 1e-9, "{share}");
    assert!(shown.subtitle().contains("never above 2%: never a choice"), "{}", shown.subtitle());
    let flat = acceptability::Input {
        prices: vec![0.0, 1.0],
        arms: vec![acceptability::Arm { label: "one".to_owned(), shares: vec![0.0, 0.0] }],
        title: "what was found".to_owned(),
    };
    check_all([&shown, &flat, &input(vec![])]);
}

#[test]
fn gains_are_drawn() {
    let group = |dimension: &str, label: &str, participants: f64, mean: f64| gains::Group {
        dimension: dimension.to_owned(),
        participants,
        gain: effect(label, mean, 2.0),
    };
    let title = || "what was found".to_owned();
    let input = |groups| gains::Input { arm: "social media".to_owned(), number: 5, year: 2022, groups, title: title() };
    let shown = input(vec![
        group("employees", "1–9", 294.0, 7.0),
        group("employees", "10–49", 47.8, 1.0),
        group("employees", "50 and more", 0.3, 90.0),
        group("share of exporters in the district: thirds of the firms", "few", 120.0, 4.0),
        group("share of exporters in the district: thirds of the firms", "some", 120.0, -1.0),
        group("uses social networking sites", "yes", 80.0, f64::NAN),
    ]);
    let tiny = input(vec![group("a & <b>", "one", 1.0, 0.0)]);
    check_all([&shown, &tiny, &input(vec![group("employees", "1–9", 0.0, 1.0)])]);
}

#[test]
fn additional_entries_are_drawn() {
    let outlines = crate::world::outlines();
    let market = |name: &str, longitude, latitude, mean: f64, half: f64| additional::Market {
        name: name.to_owned(),
        longitude,
        latitude,
        mean,
        low: mean - half,
        high: mean + half,
        clear: mean.abs() > half,
    };
    let input = |markets| additional::Input {
        arm: "social media".to_owned(),
        year: 2022,
        outlines: outlines.clone(),
        markets,
        homes: vec![(4.4, 50.8, "Belgium".to_owned())],
        title: "what was found".to_owned(),
    };
    let shown = input(vec![
        market("France", 2.4, 48.9, 12.0, 3.0),
        market("Netherlands", 4.9, 52.4, -2.0, 1.0),
        market("Germany", 10.0, 51.0, 4.0, 6.0),
        market("China", 116.4, 39.9, 3.0, 1.0),
        market("Brazil", -46.6, -23.5, -0.2, 1.0),
        market("nowhere", f64::NAN, 1.0, 5.0, 1.0),
        market("unchanged", 1.0, 1.0, 0.0, 0.0),
    ]);
    assert!(shown.alt().contains("5 markets change, 3 of them clearly"), "{}", shown.alt());
    check_all([&shown, &input(vec![market("Fiji", 178.0, -17.7, -0.1, 0.5)]), &input(vec![])]);
}

#[test]
fn a_figure_for_a_journal_has_its_width_its_pdf_and_its_words_beside_it() {
    let desk = desk("journal");
    let input =
        fsts::Input { bins: vec![5, 3, 1, 1], mean: 0.3, share_below_20: 0.4, share_above_80: 0.1, runs: vec![] };
    let drawn = draw(&input, &caption(), &plain(84.0), &desk.folder).unwrap();
    let text = |ending: &str| std::fs::read_to_string(drawn.svg.with_extension(ending)).unwrap();
    let svg = text("svg");
    assert!(svg.contains("width=\"84mm\"") && !svg.contains("scenario reference"), "{svg}");
    let seen = svg.split_once("</desc>").unwrap().1;
    assert!(!seen.contains("on average") && seen.contains("share of exporters (%)"), "the title is beside: {seen}");
    for words in [drawn.title.as_str(), drawn.subtitle.as_str(), drawn.alt.as_str(), "n = 12,400 firms"] {
        assert!(text("txt").contains(words), "{words}");
    }
    let pdf = std::fs::read(drawn.svg.with_extension("pdf")).unwrap();
    assert!(pdf.starts_with(b"%PDF-") && pdf.len() > 2_000);
    let page = String::from_utf8_lossy(&pdf).into_owned();
    let points = 84.0 / 25.4 * 72.0;
    let wide: f64 = page.split_once("/MediaBox [0 0 ").unwrap().1.split(' ').next().unwrap().parse().unwrap();
    assert!((wide - points).abs() < 0.5, "{wide} points are not 84 mm");
    assert_eq!(drawn.files.len(), 5);
}

#[test]
fn figures_are_chosen_by_name_and_strange_names_are_told() {
    let named = |names: &[&str]| Look { names: names.iter().map(|&name| name.to_owned()).collect(), ..Look::default() };
    let jobs: Vec<Order> = vec![
        (Box::new(fsts::Input::default()), caption()),
        (Box::new(stage::Input::default()), caption()),
        (Box::new(degree::Input::default()), caption()),
    ];
    let folder = tempfile::tempdir().unwrap();
    let drawn = draw_all(&jobs, &named(&["degree", "fsts"]), folder.path()).unwrap();
    assert_eq!(drawn.iter().map(|one| one.svg.file_stem().unwrap()).collect::<Vec<_>>(), ["fsts", "degree"]);
    assert!(named(&["heat"]).wants("heat_exporters_a_b") && !named(&["hea"]).wants("heat_exporters_a_b"));
    let error = named(&["trajectry", "map", "zzz"]).check(FIGURES.map(|figure| figure.0)).unwrap_err();
    let Error::Asked(faults) = error else { panic!("{error}") };
    assert_eq!(faults.len(), 2);
    assert_eq!(faults[0].help.as_deref(), Some("did you mean `trajectory`?"));
}

#[test]
fn labels_in_any_script_are_drawn_or_spelt_and_the_figure_says_so() {
    let row = |label: &str| forest::Row { label: label.to_owned(), mean: 1.0, low: 0.5, high: 1.5 };
    let input = |labels: &[&str]| forest::Input {
        rows: labels.iter().map(|label| row(label)).collect(),
        outcome: "Exporters".to_owned(),
        unit: "firms".to_owned(),
        year: 2030,
        baseline: 100.0,
        title: "what was found".to_owned(),
    };
    let foreign = input(&["出口补贴", "منحة", "🚀 grant", "επιδότηση"]);
    check(&foreign, "scripts");
    let (sheet, words) = compose(&foreign, &caption(), &Look::default());
    assert!(sheet.texts().iter().all(|(text, _)| letters::drawable(text)));
    assert!(words.caption.contains("letters the font lacks"), "{}", words.caption);
    let (_, words) = compose(&input(&["grant"]), &caption(), &Look::default());
    assert!(!words.caption.contains("letters the font lacks"), "{}", words.caption);
}

#[test]
fn nine_arms_are_told_apart_by_colour_dash_marker_and_name() {
    let line = |i: usize| {
        let points = (0..10).map(|x| (0.02 * i as f64 + 0.01 * f64::from(x), f64::NAN, f64::NAN)).collect();
        series::Line { label: format!("arm {i}"), baseline: i == 0, points }
    };
    let years = (2001..2011).map(f64::from).collect();
    check(&series_of(years, (0..10).map(line).collect()), "nine");
}

#[test]
fn the_figures_of_a_comparison_have_their_own_names() {
    for (i, (stem, about)) in COMPARED.iter().enumerate() {
        assert!(stem.len() > 2 && about.len() > 10, "{stem}");
        assert!(COMPARED[..i].iter().all(|other| other.0 != *stem && other.1 != *about), "{stem}");
    }
}

#[test]
fn titles_over_several_runs_say_how_sure_they_are() {
    let three = |values: [f64; 3]| -> Vec<f64> { values.to_vec() };
    let fsts = |runs| fsts::Input { bins: vec![5, 3, 1, 1], mean: 0.3, share_below_20: 0.4, share_above_80: 0.1, runs };
    let markets = |runs| market_count::Input { counts: vec![(1, 3), (2, 1)], runs };
    let cells = || vec![(10, 7, 5), (20, 12, 5)];
    let distance = |runs| distance::Input { cells: cells(), x_width: 0.02, y_width: 0.02, runs };
    let kinds = || vec![("offline peers".to_owned(), vec![(0, 1), (1, 1), (2, 4)])];
    let degree = |runs| degree::Input { kinds: kinds(), runs };
    let sure = [
        fsts(vec![(0.2, 0.3), (0.3, 0.4), (0.4, 0.5)]).title(),
        markets(three([0.7, 0.75, 0.8])).title(),
        distance(three([-0.3, -0.35, -0.4])).title(),
        degree(vec![three([1.0, 1.3, 1.6])]).title(),
    ];
    let single =
        [fsts(vec![]).title(), markets(vec![]).title(), distance(vec![]).title(), degree(vec![vec![1.3]]).title()];
    for (sure, single) in sure.iter().zip(&single) {
        assert!(sure.contains('(') && sure.contains(" to "), "{sure}");
        assert!(!single.contains(" to "), "one run knows no interval: {single}");
    }
}
