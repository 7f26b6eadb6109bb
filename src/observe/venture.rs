//! Types of international new ventures: how many activities a young firm runs abroad, and in how many countries.
//!
//! | | few countries | many countries |
//! |---|---|---|
//! | few activities abroad | export start-up | multinational trader |
//! | many | geographically focused start-up | global start-up |
//!
//! A firm runs many activities abroad once it has a sales subsidiary or produces there; countries are many from five on.
//! Both bounds are our choice: the source gives none.
//!
//! Oviatt & McDougall (1994), *J. Int. Bus. Stud.* 25(1), 45–64.

/// Countries from which they are many.
pub const MANY: u8 = 5;
/// Stage from which activities are many: a sales subsidiary.
pub const OWN: u8 = 2;

/// One of the four types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Venture {
    ExportStartUp,
    MultinationalTrader,
    FocusedStartUp,
    GlobalStartUp,
}

impl Venture {
    /// The type of a firm whose highest stage is `stage`, in `countries` countries.
    pub fn of(stage: u8, countries: u8) -> Self {
        match (stage >= OWN, countries >= MANY) {
            (false, false) => Self::ExportStartUp,
            (false, true) => Self::MultinationalTrader,
            (true, false) => Self::FocusedStartUp,
            (true, true) => Self::GlobalStartUp,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_four_cells_by_hand() {
        assert_eq!(Venture::of(1, 4), Venture::ExportStartUp);
        assert_eq!(Venture::of(0, 5), Venture::MultinationalTrader);
        assert_eq!(Venture::of(2, 1), Venture::FocusedStartUp);
        assert_eq!(Venture::of(3, 12), Venture::GlobalStartUp);
    }
}
