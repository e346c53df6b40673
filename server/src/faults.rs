//! Faults that an integrator orders, to see what his own side does then. They are named at the end of an
//! orderNumber, as in `A-1!lose-answer`, and obeyed only by `dev --faults`.

use std::time::Duration;

use wosigndoc::protocol::Code;

/// What goes wrong on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// `refuse=-68`: the order, though right, is refused with this code.
    Refuse(Code),
    /// `lose-answer`: the order is accepted, and the connection breaks before the answer (P-23).
    LoseAnswer,
    /// `slow=5`: the answer comes so many seconds late, at most 600.
    Slow(Duration),
    /// `fail=-50`: the order is accepted, and fails with this code (P-32).
    Fail(Code),
    /// `push-twice`: the push comes once more although it was acknowledged.
    PushTwice,
    /// `wrong-hash`: the first push has a hash that is not the document's (P-31).
    WrongHash,
}

/// Whether faults that an orderNumber names are committed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Faults {
    /// They are committed.
    Obeyed,
    /// An ending that names one is part of the number, and nothing else.
    Ignored,
}

impl Faults {
    /// Returns the fault to commit on this order.
    pub fn of_order(self, order_number: &str) -> Option<Fault> {
        match self {
            Faults::Obeyed => Fault::named(order_number),
            Faults::Ignored => None,
        }
    }
}

impl Fault {
    /// Returns the fault that an orderNumber names.
    fn named(order_number: &str) -> Option<Fault> {
        let (_, words) = order_number.rsplit_once('!')?;
        let (word, value) = words.split_once('=').unwrap_or((words, ""));
        let code = || Code::from_number(value.parse().ok()?);
        match word {
            "refuse" => code().map(Fault::Refuse),
            "fail" => code().map(Fault::Fail),
            "lose-answer" => Some(Fault::LoseAnswer),
            "slow" => value.parse().ok().filter(|s| *s <= 600).map(|s| Fault::Slow(Duration::from_secs(s))),
            "push-twice" => Some(Fault::PushTwice),
            "wrong-hash" => Some(Fault::WrongHash),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_is_ordered() {
        assert_eq!(Fault::named("A-1!refuse=-68"), Some(Fault::Refuse(Code::NoBalance)));
        assert_eq!(Fault::named("A!1!fail=-50"), Some(Fault::Fail(Code::LicenceMismatch)));
        assert_eq!(Fault::named("A-1!slow=5"), Some(Fault::Slow(Duration::from_secs(5))));
        assert_eq!(Fault::named("!lose-answer"), Some(Fault::LoseAnswer));
        for none in
            ["A-1", "A-1!", "A-1!refuse=7", "A-1!slow=1e9", "A-1!slow=601", "lose-answer", "A!LOSE-ANSWER"]
        {
            assert_eq!(Fault::named(none), None, "{none}");
        }
    }
}
