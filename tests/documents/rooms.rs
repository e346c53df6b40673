//! The rooms of a source tree and who may use whom, read from the tables of docs/layout.md.

/// A source tree, as one section of the page describes it.
pub struct Tree {
    /// Its folder.
    pub path: String,
    /// Its rooms, in the page's order.
    pub rooms: Vec<Room>,
}

/// A folder or a file.
pub struct Room {
    /// Its path below the tree's folder.
    pub name: String,
    /// The rooms that it may use.
    pub may_use: Vec<String>,
}

/// Reads every section whose heading names a folder, and its rows: room, what it is for, what it may use.
pub fn read(page: &str) -> Vec<Tree> {
    let sections = page.split("\n## ").skip(1);
    let trees = sections.filter_map(|section| {
        let (heading, body) = section.split_once('\n')?;
        let path = code(heading).into_iter().next()?;
        let rooms: Vec<Room> = body.lines().flat_map(rooms_of).collect();
        (!rooms.is_empty()).then_some(Tree { path, rooms })
    });
    trees.collect()
}

/// The rooms of one row: several may share it.
fn rooms_of(line: &str) -> Vec<Room> {
    let cells: Vec<&str> = line.trim().trim_matches('|').split('|').collect();
    let [names, _, may_use] = cells.as_slice() else { return Vec::new() };
    code(names).into_iter().map(|name| Room { name, may_use: code(may_use) }).collect()
}

/// What stands between backticks.
fn code(text: &str) -> Vec<String> {
    text.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

impl Tree {
    /// The room that a file belongs to: the one with the longest name, when rooms lie within rooms.
    pub fn room_of(&self, file: &str) -> Option<&Room> {
        let holds = |room: &&Room| {
            file.strip_prefix(room.name.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        self.rooms.iter().filter(holds).max_by_key(|room| room.name.len())
    }

    /// Rooms that stand there twice.
    pub fn doubled(&self) -> Vec<String> {
        let twice = |at: usize, name: &str| self.rooms[..at].iter().any(|room| room.name == name);
        let doubled = self.rooms.iter().enumerate().filter(|(at, room)| twice(*at, &room.name));
        doubled.map(|(_, room)| format!("{}/{} is listed twice", self.path, room.name)).collect()
    }
}

/// A circle in the ways of a tree, if there is one: its rooms, the first once more at the end.
pub fn circle(tree: &Tree) -> Option<Vec<String>> {
    let mut safe = Vec::new();
    tree.rooms.iter().find_map(|room| walk(tree, &room.name, &mut Vec::new(), &mut safe))
}

/// Follows every way from a room; `safe` are the rooms from which none leads into a circle.
fn walk(tree: &Tree, room: &str, path: &mut Vec<String>, safe: &mut Vec<String>) -> Option<Vec<String>> {
    if safe.iter().any(|known| known == room) {
        return None;
    }
    if let Some(start) = path.iter().position(|known| known == room) {
        let mut circle = path[start..].to_vec();
        circle.push(room.to_owned());
        return Some(circle);
    }
    path.push(room.to_owned());
    let ways = tree.rooms.iter().find(|known| known.name == room).map(|known| known.may_use.as_slice());
    let found = ways.unwrap_or_default().iter().find_map(|to| walk(tree, to, path, safe));
    path.pop();
    safe.push(room.to_owned());
    found
}
