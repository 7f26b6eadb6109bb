//! Outlines of the land, for maps.

use super::atlas;

/// Rings of (degrees east, degrees north), rounded to a tenth of a degree; Antarctica is left out.
pub fn outlines() -> Vec<Vec<(f32, f32)>> {
    let mut rings: Vec<Vec<(f32, f32)>> = Vec::new();
    let mut last = String::new();
    for record in atlas::records("data/outlines.csv") {
        if record[0] != last {
            record[0].clone_into(&mut last);
            rings.push(Vec::new());
        }
        let point = (atlas::number(&record[1]) as f32, atlas::number(&record[2]) as f32);
        rings.last_mut().expect("a ring was begun").push(point);
    }
    rings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rings_are_closed_and_on_the_globe() {
        let rings = outlines();
        assert!(rings.len() > 200, "{} rings", rings.len());
        for ring in &rings {
            assert!(ring.len() >= 4 && ring.first() == ring.last(), "{ring:?}");
            assert!(ring.iter().all(|(east, north)| east.abs() <= 180.0 && (-60.0..=84.0).contains(north)));
        }
    }
}
