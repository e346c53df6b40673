//! The commands, as the command line has them.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// Groups of commands.
#[derive(Subcommand)]
pub enum Admin {
    /// Accounts of callers.
    #[command(subcommand)]
    Token(TokenCommand),
    /// Templates.
    #[command(subcommand)]
    Template(TemplateCommand),
    /// Companies that are known: a licence number given with another name is refused (-50).
    #[command(subcommand)]
    Registry(RegistryCommand),
    /// Orders and their pushes.
    #[command(subcommand)]
    Order(OrderCommand),
    /// What goes wrong on purpose in a sandbox that runs with --control.
    #[command(subcommand)]
    Fault(FaultCommand),
    /// The clock of a sandbox that runs with --control.
    #[command(subcommand)]
    Clock(ClockCommand),
}

/// The data folder of a command.
#[derive(Args)]
pub struct Data {
    /// The data folder.
    #[arg(long = "data", value_name = "DIR")]
    pub folder: PathBuf,
}

/// Commands about tokens.
#[derive(Subcommand)]
pub enum TokenCommand {
    /// Lists the tokens.
    List(Data),
    /// Adds a token bound to the public key of a certificate, and prints it.
    Add {
        #[command(flatten)]
        data: Data,
        /// The caller's certificate, or its public key alone (PEM, DER, .p7b).
        #[arg(long, value_name = "FILE")]
        certificate: PathBuf,
        /// Who it belongs to.
        #[arg(long, default_value = "")]
        label: String,
        /// Orders that may be placed.
        #[arg(long, default_value_t = 0)]
        balance: i64,
    },
    /// Binds a token to another certificate's public key.
    Key {
        #[command(flatten)]
        data: Data,
        token: String,
        /// The caller's certificate, or its public key alone (PEM, DER, .p7b).
        certificate: PathBuf,
    },
    /// Lets a token be used.
    Enable {
        #[command(flatten)]
        data: Data,
        token: String,
    },
    /// Refuses a token's orders (-67).
    Disable {
        #[command(flatten)]
        data: Data,
        token: String,
    },
    /// Sets how many orders a token may still place; 0: they are refused (-68).
    Balance {
        #[command(flatten)]
        data: Data,
        token: String,
        orders: i64,
    },
    /// Has a token's orders wait until each signer agrees, by `order sign`; or not.
    Manual {
        #[command(flatten)]
        data: Data,
        token: String,
        #[arg(value_parser = ["on", "off"])]
        wait: String,
    },
    /// Sets where a token's documents are pushed to.
    Callback {
        #[command(flatten)]
        data: Data,
        token: String,
        url: String,
    },
}

/// Commands about templates.
#[derive(Subcommand)]
pub enum TemplateCommand {
    /// Lists the templates.
    List(Data),
    /// Adds or replaces a template.
    Add {
        #[command(flatten)]
        data: Data,
        /// tempid: letters, digits, - and _.
        id: String,
        /// Its document (PDF).
        #[arg(long, value_name = "FILE")]
        document: PathBuf,
        /// The subject of orders that have none.
        #[arg(long, default_value = "")]
        subject: String,
        /// JSON: `[{"signType":1,"signlist":[{"pagenumber":1,"position":"0.1,0.1,0.3,0.2"}]}]`.
        #[arg(long, value_name = "JSON")]
        signers: String,
        /// Orders with it wait until each signer agrees, by `order sign`.
        #[arg(long)]
        manual: bool,
    },
    /// Removes a template; orders made with it stay.
    Remove {
        #[command(flatten)]
        data: Data,
        id: String,
    },
}

/// Commands about known companies.
#[derive(Subcommand)]
pub enum RegistryCommand {
    /// Lists the companies.
    List(Data),
    /// Adds a company, or changes its name.
    Add {
        #[command(flatten)]
        data: Data,
        /// Licence number.
        number: String,
        /// The name on the licence.
        name: String,
    },
    /// Forgets a company.
    Remove {
        #[command(flatten)]
        data: Data,
        /// Licence number.
        number: String,
    },
}

/// Commands about orders.
#[derive(Subcommand)]
pub enum OrderCommand {
    /// Lists the newest orders and where their pushes stand.
    List {
        #[command(flatten)]
        data: Data,
        /// The largest number of orders to list.
        #[arg(long, value_name = "NUMBER", default_value_t = 50)]
        limit: usize,
    },
    /// Shows an order.
    Show {
        #[command(flatten)]
        data: Data,
        /// signid or orderNumber.
        order: String,
    },
    /// Has the next signer of an order agree, where its token or template is manual.
    Sign {
        #[command(flatten)]
        data: Data,
        /// signid or orderNumber.
        order: String,
        /// The signer, counted from 1: must be the next one.
        #[arg(long, value_name = "NUMBER")]
        signer: Option<usize>,
    },
    /// Has the next signer of an order decline: the order has failed.
    Decline {
        #[command(flatten)]
        data: Data,
        /// signid or orderNumber.
        order: String,
        /// The signer, counted from 1: must be the next one.
        #[arg(long, value_name = "NUMBER")]
        signer: Option<usize>,
        /// The code that is pushed; the protocol has none of its own for it.
        #[arg(long, value_name = "CODE", default_value_t = -79, allow_negative_numbers = true)]
        code: i32,
    },
    /// Pushes an order's document again, whatever became of it before.
    PushAgain {
        #[command(flatten)]
        data: Data,
        /// signid or orderNumber.
        order: String,
    },
}

/// The running sandbox that a command is for.
#[derive(Args)]
pub struct Running {
    #[command(flatten)]
    pub data: Data,
    /// File with the password of its control API, if it has one.
    #[arg(long, value_name = "FILE")]
    pub control_password: Option<PathBuf>,
}

/// Commands about faults.
#[derive(Subcommand)]
pub enum FaultCommand {
    /// Lists the faults that are still to be committed.
    List(Running),
    /// Orders a fault, such as `lose-answer` or `refuse=-68`; docs/platform.md lists them.
    Order {
        #[command(flatten)]
        running: Running,
        fault: String,
        /// Only for orders with this orderNumber.
        #[arg(long, value_name = "NUMBER")]
        number: Option<String>,
        /// Only for orders of this token.
        #[arg(long, value_name = "TOKENID")]
        token: Option<String>,
        /// How many times; 0: until it is taken back.
        #[arg(long, default_value_t = 1)]
        times: u32,
    },
    /// Takes a fault back, or all of them.
    Clear {
        #[command(flatten)]
        running: Running,
        id: Option<u64>,
    },
}

/// Commands about the clock.
#[derive(Subcommand)]
pub enum ClockCommand {
    /// Shows the platform's time.
    Show(Running),
    /// Moves it on, such as by 72h: what falls due is done, each at its own moment.
    Advance {
        #[command(flatten)]
        running: Running,
        span: String,
    },
    /// Sets it, such as to 2027-01-31T08:00:00Z.
    Set {
        #[command(flatten)]
        running: Running,
        time: String,
    },
    /// Sets it to the machine's.
    Reset(Running),
}
