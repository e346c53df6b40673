//! JSON in an order that people read: the protocol's own for its fields, the usual one for what schemas say.

use serde_json::Value;

/// What stands first in an object, in this order (of every file, of schemas, of the three bodies, of calls); the rest follows
/// by the alphabet.
const ORDER: &str = "
    $schema $id $ref openapi about about_zh info code name title summary description version license
    servers variable tags type const enum pattern contentEncoding contentMediaType minLength maxLength
    minItems maxItems minimum maximum required properties items tokenid actiontype tempid subject
    password filebase fileformat orderNumber signerlist signType orgName orgNo userName userNo country
    stampbase pic otherpic signlist pagenumber position status errorcode extendData signid ordernumber
    content hash message message_zh advice advice_zh retry field operationId method url header body
    mode raw requestBody responses key value request item event paths webhooks components anyOf allOf
    if then else $defs
";

/// The longest list that stands in one line, in characters.
const LINE: usize = 100;

/// Writes a value, two blanks a level, with a line end.
pub fn print(value: &Value) -> String {
    let mut text = String::new();
    write(&mut text, value, 0);
    text.push('\n');
    text
}

fn write(text: &mut String, value: &Value, level: usize) {
    match value {
        Value::Object(map) if !map.is_empty() => {
            let mut fields: Vec<_> = map.iter().collect();
            fields.sort_by_key(|(key, _)| (rank(key), key.as_str()));
            let fields = fields.into_iter().map(|(key, value)| (Some(key.as_str()), value));
            enclose(text, ['{', '}'], fields, level);
        }
        Value::Array(list) if !is_short(list) => {
            enclose(text, ['[', ']'], list.iter().map(|value| (None, value)), level);
        }
        Value::Array(list) => {
            let items: Vec<String> = list.iter().map(Value::to_string).collect();
            text.push_str(&format!("[{}]", items.join(", ")));
        }
        other => text.push_str(&other.to_string()),
    }
}

fn enclose<'a>(
    text: &mut String,
    [open, close]: [char; 2],
    parts: impl Iterator<Item = (Option<&'a str>, &'a Value)>,
    level: usize,
) {
    text.push(open);
    for (at, (key, value)) in parts.enumerate() {
        text.push_str(if at == 0 { "\n" } else { ",\n" });
        text.push_str(&"  ".repeat(level + 1));
        if let Some(key) = key {
            text.push_str(&format!("{}: ", Value::from(key)));
        }
        write(text, value, level + 1);
    }
    text.push_str(&format!("\n{}{close}", "  ".repeat(level)));
}

fn is_short(list: &[Value]) -> bool {
    let plain = list.iter().all(|value| !value.is_object() && !value.is_array());
    plain && list.iter().map(|value| value.to_string().len() + 2).sum::<usize>() <= LINE
}

fn rank(key: &str) -> usize {
    ORDER.split_whitespace().position(|known| known == key).unwrap_or(usize::MAX)
}

#[test]
fn prints_what_it_was_given() {
    let value = serde_json::json!({"zebra": [1, "a"], "type": {"b": [], "a": {}}, "long": ["x".repeat(99), "y"], "n": null});
    let text = print(&value);
    assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
    assert!(
        text.starts_with("{\n  \"type\": {\n    \"a\": {},\n    \"b\": []\n  },\n  \"long\": [\n"),
        "{text}"
    );
    assert!(text.ends_with("\n  \"n\": null,\n  \"zebra\": [1, \"a\"]\n}\n"), "{text}");
}
