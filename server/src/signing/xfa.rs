//! Whether an XFA form, which is XML inside a PDF, holds a script.

/// Returns the text of a packet of the form: in UTF-16 where its beginning says so, else in UTF-8.
pub fn text(packet: &[u8]) -> String {
    let units = |of: fn([u8; 2]) -> u16| {
        let units: Vec<u16> =
            packet.chunks_exact(2).filter_map(|pair| pair.try_into().ok()).map(of).collect();
        // The upper halves of UTF-32.
        String::from_utf16_lossy(&units).replace('\0', "")
    };
    match packet {
        [0xfe, 0xff, ..] | [0, _, ..] => units(u16::from_be_bytes),
        [0xff, 0xfe, ..] | [_, 0, ..] => units(u16::from_le_bytes),
        _ => String::from_utf8_lossy(packet).into_owned(),
    }
}

/// Says whether a form's packets, put together, hold a script that is not empty, or something that may become one.
///
/// Comments are looked into as well: whether a comment begins depends on which of the packets a reader takes.
pub fn holds_script(form: &str) -> bool {
    // Entities may stand for anything.
    form.contains("<!ENTITY")
        || form.match_indices('<').any(|(at, _)| form.get(at + 1..).is_some_and(is_script))
}

/// Says whether what follows a `<` is a script's element that is not empty.
fn is_script(element: &str) -> bool {
    let end =
        element.find(|character: char| character.is_ascii_whitespace() || matches!(character, '/' | '>'));
    let (name, rest) = element.split_at(end.unwrap_or(element.len()));
    if name.rsplit(':').next() != Some("script") {
        return false;
    }
    let (attributes, content) = rest.split_at(tag_end(rest));
    // A script may stand in another file.
    attributes.contains("usehref")
        || !(attributes.ends_with('/') || content.trim_start_matches('>').trim_start().starts_with("</"))
}

/// Finds the `>` that ends a tag, which may also stand in an attribute.
fn tag_end(tag: &str) -> usize {
    let mut quote = None;
    for (at, character) in tag.char_indices() {
        match (quote, character) {
            (None, '>') => return at,
            (None, '"' | '\'') => quote = Some(character),
            (Some(open), _) if open == character => quote = None,
            _ => {}
        }
    }
    tag.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_scripts() {
        for form in [
            "<template><event><script>app.alert(1)</script></event></template>",
            "<a:script contentType='application/x-javascript'\n>x</a:script>",
            "<script a=\"/>\">x</script>",
            "<script a='></'>x</script>",
            "<script><!-- </script> -->x</script>",
            "<script><![CDATA[x]]></script>",
            "<script usehref='other.xdp#a'/>",
            "<!-- <script>x</script>",
            "<b a=\"<script>x</script>",
            "<!DOCTYPE a [<!ENTITY s '&#60;script>x&#60;/script>'>]><a>&s;</a>",
        ] {
            assert!(holds_script(form), "{form}");
            let units: Vec<u16> = form.encode_utf16().collect();
            let big: Vec<u8> = units.iter().flat_map(|unit| unit.to_be_bytes()).collect();
            let little: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
            for packet in [big, little, form.as_bytes().to_vec()] {
                assert_eq!(text(&packet), form);
            }
        }
    }

    #[test]
    fn takes_forms_without() {
        for form in [
            "",
            "<template><field name='script'/><scripts>x</scripts></template>",
            "<script/><script contentType='application/x-javascript' />",
            "<script>\n</script>",
            "<prescript>x</prescript> a script",
        ] {
            assert!(!holds_script(form), "{form}");
        }
    }
}
