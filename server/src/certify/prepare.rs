//! What a site must be given before it is certified: whom to trust, and which orders to know.

use std::io::{IsTerminal, stderr, stdin};
use std::path::PathBuf;

use anyhow::Result;
use serde::Serialize;

use super::cases::Case;
use super::maker::Maker;

/// What the site must be given.
#[derive(Serialize)]
pub struct Prepared {
    /// The root that the signers' certificates lead to.
    root: PathBuf,
    /// The orders.
    orders: Vec<Order>,
}

/// An order that the site may have to know.
#[derive(Serialize)]
struct Order {
    number: String,
    signid: String,
}

impl Prepared {
    /// Gathers it.
    pub fn new(maker: &Maker, cases: &[Case], root: PathBuf) -> Prepared {
        let numbers = cases.iter().flat_map(|case| (0..case.orders).map(|at| maker.number(case, at)));
        let orders = numbers.map(|number| Order { signid: Maker::signid(&number), number });
        Prepared { root, orders: orders.collect() }
    }

    /// Returns it for people: the root, then an order a line.
    pub fn text(&self) -> String {
        let orders: Vec<String> =
            self.orders.iter().map(|order| format!("{}  {}", order.number, order.signid)).collect();
        format!(
            "trust (请信任)  {}\norders (订单)  orderNumber, signid:\n{}",
            self.root.display(),
            orders.join("\n")
        )
    }

    /// Tells it before the first push. Whoever sees that for the first time is waited for.
    pub fn tell(&self, is_new: bool) -> Result<()> {
        let (root, count) = (self.root.display(), self.orders.len());
        eprintln!("The site must trust {root} (站点须信任该根证书)");
        if let Some(order) = self.orders.first() {
            let number = &order.number;
            eprintln!(
                "and take the {count} orderNumbers that --prepare lists, such as {number} (并接受 --prepare 列出的 {count} 个 \
                 orderNumber，例如 {number})"
            );
        }
        if is_new && stdin().is_terminal() && stderr().is_terminal() {
            eprintln!("Press Enter when it does (就绪后请按回车)");
            stdin().read_line(&mut String::new())?;
        }
        Ok(())
    }
}
