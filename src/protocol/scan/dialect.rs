//! Which fields hold bulk, in each kind of body.

/// A kind of body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// PushSignedDoc: bulk is `extendData.content`; `extendData` may be an object, an array of such, or
    /// a string that holds the object's JSON.
    Push,
    /// CreateSignOrder: bulk is `filebase` and each signer's `stampbase`, `pic` and `otherpic`.
    Order,
}

/// What a value is to the protocol, by its place in the body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// The body itself.
    Root,
    /// Nothing that the scanner cares about.
    Other,
    /// `extendData`, or an element of it.
    Extend,
    /// `extendData.hash`.
    Hash,
    /// `signerlist`.
    Signers,
    /// An element of it.
    Signer,
    /// A bulk field, with its name.
    Bulk(&'static str),
}

/// The roles of fields: of whom, name, role. At most eight of one owner (see `Frame::seen`).
const PUSH: &[(Role, &str, Role)] = &[
    (Role::Root, "extendData", Role::Extend),
    (Role::Extend, "content", Role::Bulk("content")),
    (Role::Extend, "hash", Role::Hash),
];
const ORDER: &[(Role, &str, Role)] = &[
    (Role::Root, "filebase", Role::Bulk("filebase")),
    (Role::Root, "signerlist", Role::Signers),
    (Role::Signer, "stampbase", Role::Bulk("stampbase")),
    (Role::Signer, "pic", Role::Bulk("pic")),
    (Role::Signer, "otherpic", Role::Bulk("otherpic")),
];

impl Dialect {
    /// Returns the role of a field of an object, whatever its letter case (P-5); with its name in the protocol's
    /// spelling and a bit of its own among its owner's fields.
    pub(super) fn field(self, owner: Role, key: &str) -> Option<(Role, &'static str, u8)> {
        let table = match self {
            Dialect::Push => PUSH,
            Dialect::Order => ORDER,
        };
        table
            .iter()
            .enumerate()
            .find(|(_, (of, name, _))| *of == owner && name.eq_ignore_ascii_case(key))
            .map(|(at, (_, name, role))| (*role, *name, 1 << at))
    }

    /// Returns the path of a field, of the signer with this index if it stands in one.
    pub(super) fn path(self, signer: Option<usize>, name: &str) -> String {
        match (self, signer) {
            (Dialect::Push, _) if name == "extendData" => name.to_owned(),
            (Dialect::Push, _) => format!("extendData.{name}"),
            (Dialect::Order, Some(at)) => format!("signerlist[{at}].{name}"),
            (Dialect::Order, None) => name.to_owned(),
        }
    }
}

impl Role {
    /// Returns the role of an array's elements.
    pub(super) fn element(self) -> Role {
        match self {
            Role::Extend => Role::Extend,
            Role::Signers => Role::Signer,
            _ => Role::Other,
        }
    }

    /// Returns the role that stays when the value turns out to be an array or an object.
    pub(super) fn container(self, array: bool) -> Role {
        match (self, array) {
            (Role::Extend, _) => Role::Extend,
            (Role::Root | Role::Signer, false) | (Role::Signers, true) => self,
            _ => Role::Other,
        }
    }
}
