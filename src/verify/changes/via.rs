//! By which entries a comparison reaches an object, which tells what the object is meant to be.
//!
//! Fields and annotations are compared for themselves, and some of their entries may be changed. So a comparison stops
//! before them, but only where a field or an annotation is what an entry leads to: an object may pass for a field and be a
//! page's resources too, and as such it is compared to the end.

/// As what an object is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Via {
    /// As what is compared for itself.
    Itself,
    /// As a field or an annotation.
    Node,
    /// As anything else.
    Plain,
    /// As a part of an action.
    Action,
    /// As a part of the outline.
    Outline,
    /// As a part of the structure that tells what is what.
    Structure,
    /// As a part of what is painted, where every name may stand for something: nothing there is a page, whatever passes
    /// for one.
    Picture,
}

impl Via {
    /// Returns as what this entry of a dictionary leads to an object.
    pub fn under(self, key: &[u8]) -> Via {
        match (self, key) {
            (Via::Picture, _) | (_, b"Resources" | b"DR" | b"AP") => Via::Picture,
            (
                Via::Itself | Via::Node,
                b"Fields" | b"Kids" | b"Parent" | b"Annots" | b"Popup" | b"IRT" | b"CO",
            ) => Via::Node,
            (Via::Itself | Via::Node | Via::Outline, b"A" | b"AA")
            | (Via::Itself | Via::Node, b"OpenAction") => Via::Action,
            (Via::Itself, b"Outlines") => Via::Outline,
            (Via::Itself, b"StructTreeRoot") | (Via::Outline, b"SE") => Via::Structure,
            // What an action fills in, sends or hides; the annotation that plays something.
            (Via::Action, b"T" | b"Fields" | b"AN" | b"Annotation") | (Via::Structure, b"Obj") => Via::Node,
            (Via::Action | Via::Outline | Via::Structure, _) => self,
            _ => Via::Plain,
        }
    }
}

/// Pairs of objects that are still to be compared.
#[derive(Debug)]
pub struct Queue {
    waiting: Vec<(u32, u32, Via)>,
    /// As what the next ones are reached.
    pub via: Via,
}

impl Queue {
    pub fn new() -> Queue {
        Queue { waiting: Vec::new(), via: Via::Plain }
    }

    pub fn push(&mut self, (old, new): (u32, u32)) {
        self.waiting.push((old, new, self.via));
    }

    /// Takes one to compare it: what it refers to is reached as it was.
    pub fn pop(&mut self) -> Option<(u32, u32, Via)> {
        let next = self.waiting.pop()?;
        self.via = next.2;
        Some(next)
    }

    pub fn append(&mut self, other: &mut Queue) {
        self.waiting.append(&mut other.waiting);
    }

    /// Goes down an entry of a dictionary, and returns what [`Queue::up`] needs to come back.
    pub fn down(&mut self, key: &[u8]) -> Via {
        let before = self.via;
        self.via = before.under(key);
        before
    }

    pub fn up(&mut self, before: Via) {
        self.via = before;
    }
}
