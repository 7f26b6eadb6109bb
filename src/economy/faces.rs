//! What firms can see of each other, by place: a face each, and a glance at it.
//!
//! Whoever looks around among its peers mostly finds firms that neither export to the market in question nor use SNS. A
//! glance, two bytes, tells that; those of a million firms fit a processor's caches, their faces do not.

use crate::firm::Face;
use std::ops::Index;

/// The bit of a glance for the use of SNS; the others are for markets with a customer, several to a bit.
const ON_SNS: u16 = 1 << 15;

/// The faces of all firms at the start of a quarter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Faces {
    faces: Vec<Face>,
    glances: Vec<u16>,
}

/// The faces of neighbouring places, to be changed.
#[derive(Debug)]
pub struct FacesMut<'a> {
    faces: &'a mut [Face],
    glances: &'a mut [u16],
}

impl Faces {
    /// The face of the next place.
    pub fn push(&mut self, face: Face) {
        self.faces.push(face);
        self.glances.push(glance(&face));
    }

    /// Number of places.
    pub fn len(&self) -> usize {
        self.faces.len()
    }

    /// Are there no firms?
    pub fn is_empty(&self) -> bool {
        self.faces.is_empty()
    }

    /// The face of a place, if it is one.
    pub fn get(&self, place: usize) -> Option<&Face> {
        self.faces.get(place)
    }

    /// In order of place.
    pub fn iter(&self) -> impl Iterator<Item = &Face> {
        self.faces.iter()
    }

    /// Has the firm a customer in any market?
    #[inline]
    pub fn abroad(&self, place: u32) -> bool {
        self.glances[place as usize] & !ON_SNS != 0
    }

    /// Does the firm use a social networking site?
    #[inline]
    pub fn on_sns(&self, place: u32) -> bool {
        self.glances[place as usize] & ON_SNS != 0
    }

    /// Has the firm a customer in the market?
    #[inline]
    pub fn has(&self, place: u32, market: u8) -> bool {
        self.glances[place as usize] & bit(market) != 0 && self.faces[place as usize].has(market)
    }

    /// All places, to be split.
    pub fn as_mut(&mut self) -> FacesMut<'_> {
        FacesMut { faces: &mut self.faces, glances: &mut self.glances }
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        self.faces.capacity() * size_of::<Face>() + self.glances.capacity() * size_of::<u16>()
    }
}

impl Index<usize> for Faces {
    type Output = Face;

    #[inline]
    fn index(&self, place: usize) -> &Face {
        &self.faces[place]
    }
}

impl<'a> FacesMut<'a> {
    /// Takes the next `n` places off.
    ///
    /// # Panics
    /// When there are fewer.
    pub fn take(&mut self, n: usize) -> FacesMut<'a> {
        let (faces, other_faces) = std::mem::take(&mut self.faces).split_at_mut(n);
        let (glances, other_glances) = std::mem::take(&mut self.glances).split_at_mut(n);
        (self.faces, self.glances) = (other_faces, other_glances);
        FacesMut { faces, glances }
    }

    /// Shows another face at the `i`th of these places.
    pub fn set(&mut self, i: usize, face: Face) {
        self.faces[i] = face;
        self.glances[i] = glance(&face);
    }
}

fn glance(face: &Face) -> u16 {
    face.markets().fold(if face.on_sns { ON_SNS } else { 0 }, |glance, market| glance | bit(market))
}

/// The bit of a glance for a market.
#[inline]
fn bit(market: u8) -> u16 {
    1 << (market % 15)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_glance_agrees_with_the_face() {
        let mut exporter = Face::new(3, 0, false);
        exporter.show(7);
        let mut faces = Faces::default();
        for _ in 0..5 {
            faces.push(Face::new(0, 0, false));
        }
        let mut rest = faces.as_mut();
        let _skipped = rest.take(2);
        rest.take(2).set(1, exporter);
        rest.set(0, Face::new(1, 0, true));
        let abroad: Vec<bool> = (0..5).map(|place| faces.abroad(place)).collect();
        let on_sns: Vec<bool> = (0..5).map(|place| faces.on_sns(place)).collect();
        assert_eq!(abroad, [false, false, false, true, false]);
        assert_eq!(on_sns, [false, false, false, false, true]);
        assert!(faces.has(3, 7) && !faces.has(2, 7));
        assert!(!faces.has(3, 8) && !faces.has(3, 22), "neither another market nor one of the same bit");
        assert_eq!(faces[3], exporter);
    }
}
