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

impl From<Violation> for Refusal {
    fn from(violation: Violation) -> Refusal {
        Refusal { violation, order_number: None }
    }
}

/// Why an order is not accepted.
pub enum Failure {
    /// It is refused.
    Refused(Box<Refusal>),
    /// The platform cannot do its part.
    Broken(anyhow::Error),
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Failure {
        Failure::Broken(error)
    }
}
