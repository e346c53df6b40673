//! Why an order is not accepted.

use wosigndoc::protocol::Violation;

/// A refusal by the protocol.
#[derive(Debug)]
pub struct Refusal {
    /// The first violation in the order of P-18.
    pub violation: Violation,
    /// The order's orderNumber, where it could be read.
    pub order_number: Option<String>,
}

/// The reason why an order is not accepted.
pub enum Failure {
    /// The order is refused.
    Refused(Box<Refusal>),
    /// The connection breaks before it is stored, on purpose.
    Lost,
    /// The platform cannot do its part.
    Broken(anyhow::Error),
}

impl Failure {
    /// Adds the orderNumber of the order that is refused.
    pub fn of_order(mut self, order_number: Option<String>) -> Failure {
        if let Failure::Refused(refusal) = &mut self {
            refusal.order_number = order_number;
        }
        self
    }
}

impl From<Violation> for Refusal {
    fn from(violation: Violation) -> Refusal {
        Refusal { violation, order_number: None }
    }
}

impl From<Violation> for Failure {
    fn from(violation: Violation) -> Failure {
        Failure::Refused(Box::new(violation.into()))
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Failure {
        Failure::Broken(error)
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Failure {
        Failure::Broken(error.into())
    }
}
