//! The filters beside Flate that pack a PDF's structure: hexadecimal digits, base-85 digits, LZW and run lengths.
//!
//! Each stops soon after `limit` bytes: what comes to more is refused by whoever counts.

use super::string;

/// LZW's codes for an empty table and for the end; its own entries follow.
const CLEAR: usize = 256;
const END: usize = 257;
const FIRST_ENTRY: usize = 258;
/// The largest code of LZW has 12 bits.
const MAX_ENTRIES: usize = 4096 - FIRST_ENTRY;

/// Returns the bytes that hexadecimal digits up to `>` stand for.
pub fn ascii_hex(data: &[u8]) -> Vec<u8> {
    string::hex(data.split(|&byte| byte == b'>').next().unwrap_or_default())
}

/// Returns the bytes that base-85 digits up to `~>` stand for.
pub fn ascii_85(data: &[u8], limit: usize) -> Vec<u8> {
    // Some writers begin as the format's text files do.
    let data = data.trim_ascii_start();
    let data = data.strip_prefix(b"<~").unwrap_or(data);
    let mut out = Vec::new();
    let (mut group, mut digits) = (0_u32, 0);
    for &byte in data.iter().take_while(|&&byte| byte != b'~') {
        match byte {
            b'z' if digits == 0 => out.extend_from_slice(&[0; 4]),
            b'!'..=b'u' => {
                group = group.wrapping_mul(85).wrapping_add(u32::from(byte - b'!'));
                digits += 1;
                if digits == 5 {
                    out.extend_from_slice(&group.to_be_bytes());
                    (group, digits) = (0, 0);
                }
            }
            _ => {}
        }
        if out.len() > limit {
            return out;
        }
    }
    if digits > 1 {
        for _ in digits..5 {
            group = group.wrapping_mul(85).wrapping_add(84);
        }
        out.extend(group.to_be_bytes().into_iter().take(digits - 1));
    }
    out
}

/// Returns the bytes that runs stand for.
pub fn run_length(data: &[u8], limit: usize) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = data;
    while let [length, tail @ ..] = rest {
        let length = usize::from(*length);
        if length < 128 {
            let (run, behind) = tail.split_at(tail.len().min(length + 1));
            out.extend_from_slice(run);
            rest = behind;
        } else {
            let [byte, behind @ ..] = tail else { break };
            if length == 128 {
                break;
            }
            out.resize(out.len() + 257 - length, *byte);
            rest = behind;
        }
        if out.len() > limit {
            break;
        }
    }
    out
}

/// Returns the bytes that LZW codes stand for. `early`: codes grow one entry before they must.
pub fn lzw(data: &[u8], early: bool, limit: usize) -> Vec<u8> {
    let mut out: Vec<u8> = Vec::new();
    // Every entry is a piece of the output: where it starts, and how long it is.
    let mut entries: Vec<(usize, usize)> = Vec::new();
    let mut previous = None;
    let (mut width, mut buffer, mut bits) = (9, 0_usize, 0);
    for &byte in data {
        (buffer, bits) = ((buffer << 8 | usize::from(byte)) & 0xf_ffff, bits + 8);
        if bits < width {
            continue;
        }
        bits -= width;
        let code = buffer >> bits & ((1 << width) - 1);
        if code == END || out.len() > limit {
            break;
        }
        if code == CLEAR {
            entries.clear();
            (previous, width) = (None, 9);
            continue;
        }
        // An entry is the piece before and the first byte of this one, which may be the entry itself.
        if let Some((start, length)) = previous
            && entries.len() < MAX_ENTRIES
        {
            entries.push((start, length + 1));
        }
        let start = out.len();
        match (u8::try_from(code), code.checked_sub(FIRST_ENTRY).and_then(|at| entries.get(at))) {
            (Ok(byte), _) => out.push(byte),
            (_, Some(&(from, length))) => {
                for at in from..from + length {
                    out.push(out.get(at).copied().unwrap_or_default());
                }
            }
            _ => break,
        }
        previous = Some((start, out.len() - start));
        width = match FIRST_ENTRY + entries.len() + usize::from(early) {
            0..512 => 9,
            512..1024 => 10,
            1024..2048 => 11,
            _ => 12,
        };
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_digits() {
        assert_eq!(ascii_hex(b"48 65\n6C6c6>ff"), b"Hell`");
        for (text, bytes) in [
            (&b"87cURD]i,\"Ebo80~>"[..], &b"Hello World!"[..]),
            (b"<~87cURD]i,\"Ebo80~>", b"Hello World!"),
            (b"87cUR\nD]i,\" Ebo7~>x", b"Hello World"),
            (b"z!!~>", b"\0\0\0\0\0"),
            (b"", b""),
        ] {
            assert_eq!(ascii_85(text, 100), bytes);
        }
    }

    #[test]
    fn reads_runs() {
        assert_eq!(run_length(b"\x02abc\xfed\x80zz", 100), b"abcddd");
        assert_eq!(run_length(b"\x05ab", 100), b"ab");
        assert_eq!(run_length(b"\xfe", 100), b"");
        assert!(run_length(&[0x81, 0].repeat(1000), 500).len() < 1000);
    }

    /// Packs as the simplest writer does: tables that are emptied before they grow beyond 12 bits.
    fn packed(data: &[u8], early: bool) -> Vec<u8> {
        let mut table: std::collections::HashMap<Vec<u8>, usize> = std::collections::HashMap::new();
        let (mut bits, mut out) = (Vec::new(), Vec::new());
        let mut width = 9;
        let mut write = |code: usize, width: usize| bits.extend((0..width).rev().map(|bit| code >> bit & 1));
        write(CLEAR, width);
        let code = |table: &std::collections::HashMap<Vec<u8>, usize>, piece: &[u8]| match piece {
            [byte] => Some(usize::from(*byte)),
            piece => table.get(piece).copied(),
        };
        let mut piece: Vec<u8> = Vec::new();
        for &byte in data {
            let longer = [&piece[..], &[byte]].concat();
            if code(&table, &longer).is_some() {
                piece = longer;
                continue;
            }
            write(code(&table, &piece).unwrap(), width);
            table.insert(longer, FIRST_ENTRY + table.len());
            piece = vec![byte];
            // The reader knows one entry fewer.
            width = match FIRST_ENTRY + table.len() - 1 + usize::from(early) {
                0..512 => 9,
                512..1024 => 10,
                1024..2048 => 11,
                _ => 12,
            };
            if table.len() > 3500 {
                write(code(&table, &piece).unwrap(), width);
                write(CLEAR, width);
                table.clear();
                (piece, width) = (Vec::new(), 9);
            }
        }
        if !piece.is_empty() {
            write(code(&table, &piece).unwrap(), width);
        }
        write(END, width);
        for chunk in bits.chunks(8) {
            let byte = chunk.iter().enumerate().fold(0, |sum, (at, bit)| sum | bit << (7 - at));
            out.push(u8::try_from(byte).unwrap());
        }
        out
    }

    #[test]
    fn reads_lzw() {
        // The standard's own example.
        assert_eq!(lzw(b"\x80\x0b\x60\x50\x22\x0c\x0c\x85\x01", true, 100), b"-----A---B");
        let mut seed = 7_u32;
        let noise: Vec<u8> = (0..40_000)
            .map(|_| {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                u8::try_from(seed >> 30).unwrap()
            })
            .collect();
        for early in [true, false] {
            assert_eq!(lzw(&packed(&noise, early), early, 1 << 20), noise, "{early}");
        }
        assert!(lzw(&packed(&vec![b'a'; 100_000], true), true, 500).len() < 5000);
        for broken in [&b""[..], b"\xff\xff\xff", b"\x80\x7f\xff", b"\x80"] {
            lzw(broken, true, 100);
        }
    }
}
