//! Rows of the next quarter while a chunk is stepped: written once, in the order of the firms, without a detour.

use std::ops::{Deref, DerefMut};

/// Rows of many firms, one firm after the other; seen as a slice it is the rows of the latest firm.
#[derive(Debug)]
pub struct Rows<T> {
    all: Vec<T>,
    /// Where the rows of the latest firm begin.
    first: usize,
}

impl<T> Default for Rows<T> {
    fn default() -> Self {
        Self { all: Vec::new(), first: 0 }
    }
}

impl<T: Copy> Rows<T> {
    /// Forgets all rows of all firms.
    pub fn restart(&mut self) {
        self.all.clear();
        self.first = 0;
    }

    /// Takes rows over as they are; the last `own` of them are those of the latest firm.
    #[inline]
    pub fn extend(&mut self, rows: &[T], own: usize) {
        if !rows.is_empty() {
            self.all.extend_from_slice(rows);
        }
        self.first = self.all.len() - own;
    }

    /// Adds a row to the latest firm.
    #[inline]
    pub fn push(&mut self, row: T) {
        self.all.push(row);
    }

    /// Begins a firm without rows.
    #[inline]
    pub fn begin(&mut self) {
        self.first = self.all.len();
    }

    /// Keeps only the first of the latest firm's rows.
    #[inline]
    pub fn truncate(&mut self, kept: usize) {
        self.all.truncate(self.first + kept);
    }

    /// Takes the latest firm's rows away.
    pub fn clear(&mut self) {
        self.all.truncate(self.first);
    }

    /// Takes those of the latest firm's rows away that are not to be kept.
    pub fn retain(&mut self, mut keep: impl FnMut(&T) -> bool) {
        let mut to = self.first;
        for from in self.first..self.all.len() {
            let row = self.all[from];
            self.all[to] = row;
            to += usize::from(keep(&row));
        }
        self.all.truncate(to);
    }

    /// The rows of all firms.
    pub fn all(&self) -> &[T] {
        &self.all
    }
}

impl<T> Deref for Rows<T> {
    type Target = [T];

    #[inline]
    fn deref(&self) -> &[T] {
        &self.all[self.first..]
    }
}

impl<T> DerefMut for Rows<T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut [T] {
        &mut self.all[self.first..]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_latest_firm_is_touched() {
        let mut rows = Rows::default();
        rows.extend(&[1, 2, 3, 4, 5], 3);
        assert_eq!(&rows[..], [3, 4, 5]);
        rows.push(6);
        rows.retain(|row| row % 2 == 0);
        assert_eq!((&rows[..], rows.all()), (&[4, 6][..], &[1, 2, 4, 6][..]));
        rows.begin();
        assert!(rows.is_empty());
        rows.extend(&[7, 8, 9], 2);
        rows.truncate(1);
        assert_eq!(&rows[..], [8]);
        rows.clear();
        assert_eq!((rows.len(), rows.all()), (0, &[1, 2, 4, 6, 7][..]));
        rows.restart();
        assert!(rows.all().is_empty());
    }
}
