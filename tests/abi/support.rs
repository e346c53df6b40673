//! What the tests of the C ABI share: the real shared object, loaded as a host loads it, and its calls.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, unsafe_code)]
#![allow(missing_docs, reason = "the names are those of the header")]

use std::ffi::{c_char, c_void};
use std::path::PathBuf;
use std::ptr;

use libloading::Library;
use serde_json::Value;

use crate::common::language;

pub type Text = *const c_char;
pub type Out = *mut *mut c_char;
pub type Len = *mut usize;
pub type Handle = *mut c_void;
pub type Attachments = *const Text;
pub type Lens = *const usize;

macro_rules! abi {
    ($($name:ident: fn($($parameter:ty),*) $(-> $result:ty)?;)*) => {
        /// Every function of the header.
        pub struct Abi {
            $(pub $name: unsafe extern "C" fn($($parameter),*) $(-> $result)?,)*
            _library: Library,
        }

        impl Abi {
            pub fn load() -> Abi {
                let path = library_path();
                // SAFETY: the library runs no code when it is loaded.
                let library = unsafe { Library::new(&path) }.unwrap();
                Abi {
                    // SAFETY: the types are those of the header.
                    $($name: *unsafe { library.get(concat!("wsd_", stringify!($name))) }.unwrap(),)*
                    _library: library,
                }
            }
        }
    };
}

abi! {
    abi_version: fn() -> u32;
    free: fn(*mut c_char, usize);
    version: fn(Out, Len) -> i32;
    catalogue: fn(Out, Len) -> i32;
    answer_read: fn(u32, Text, usize, Out, Len) -> i32;
    config_resolve: fn(Text, usize, Out, Len) -> i32;
    client_new: fn(Text, usize, *mut Handle, Out, Len) -> i32;
    client_shared: fn(Text, usize, *mut Handle, Out, Len) -> i32;
    client_free: fn(Handle);
    preflight: fn(Text, usize, u32, Out, Len) -> i32;
    preflight_with: fn(Text, usize, Text, usize, u32, Out, Len) -> i32;
    order_create: fn(Handle, Text, usize, Attachments, Lens, usize, u32, Out, Len) -> i32;
    order_validate: fn(Text, usize, Text, usize, Attachments, Lens, usize, Out, Len) -> i32;
    order_wire: fn(Text, usize, Text, usize, Attachments, Lens, usize, Out, Len, Out, Len) -> i32;
    config_hosted: fn(Text, usize, Out, Len) -> i32;
    preflight_hosted: fn(Text, usize, Text, usize, u32, Out, Len) -> i32;
    order_open: fn(Text, usize, Text, usize, Attachments, Lens, usize, u32, *mut Handle, Out, Len) -> i32;
    order_read: fn(Handle, *mut c_char, usize, *mut usize, Out, Len) -> i32;
    order_rewind: fn(Handle, Out, Len) -> i32;
    order_answered: fn(Handle, u32, Text, usize, Out, Len) -> i32;
    order_failed: fn(Handle, Text, usize, Out, Len) -> i32;
    order_close: fn(Handle);
    push_receive: fn(Text, usize, Text, usize, *mut c_char, usize, Out, Len, Out, Len) -> i32;
    push_open: fn(Text, usize, *mut c_char, usize, *mut Handle, Out, Len) -> i32;
    push_feed: fn(Handle, Text, usize, Out, Len) -> i32;
    push_finish: fn(Handle, Out, Len, Out, Len) -> i32;
    push_abandon: fn(Handle);
    delivery_claim: fn(Text, usize, Out, Len) -> i32;
    delivery_complete: fn(Text, usize, Out, Len) -> i32;
    delivery_release: fn(Text, usize, Out, Len) -> i32;
    delivery_renew: fn(Text, usize, Out, Len) -> i32;
    document_write: fn(Text, usize, Text, usize, Out, Len) -> i32;
    document_move: fn(Text, usize, Text, usize, Out, Len) -> i32;
    verify: fn(Text, usize, Text, usize, Text, usize, Out, Len) -> i32;
    trust_of: fn(Text, usize, Text, usize, Out, Len) -> i32;
}

/// What a call gave: its status, its document (null: none), and the bulk bytes beside it.
#[derive(Debug)]
pub struct Answer {
    pub status: i32,
    pub json: Value,
    pub bulk: Vec<u8>,
}

impl Answer {
    /// The document of a call that succeeded.
    #[track_caller]
    pub fn ok(self) -> Value {
        assert_eq!(self.status, 0, "{}", self.json);
        self.json
    }

    /// Asserts a failure of this kind and reason, and gives its document.
    #[track_caller]
    pub fn failed(self, kind: &str, reason: &str) -> Value {
        assert!(self.status < 0, "{self:?}");
        assert_eq!((&self.json["kind"], &self.json["reason"]), (&kind.into(), &reason.into()), "{self:?}");
        assert!(self.bulk.is_empty(), "bulk bytes beside an error");
        self.json
    }
}

impl Abi {
    /// Makes a call whose outputs hold rubbish before: it must have written them all.
    pub fn call(&self, call: impl FnOnce(Out, Len) -> i32) -> Answer {
        let (mut out, mut len) = (ptr::dangling_mut(), usize::MAX);
        let status = call(&raw mut out, &raw mut len);
        let text = self.take(out, len);
        let json = if text.is_empty() { Value::Null } else { serde_json::from_slice(&text).unwrap() };
        language::assert_apart(&json);
        Answer { status, json, bulk: Vec::new() }
    }

    /// The same with a bulk output.
    pub fn call_bulk(&self, call: impl FnOnce(Out, Len, Out, Len) -> i32) -> Answer {
        let (mut bulk, mut bulk_len) = (ptr::dangling_mut(), usize::MAX);
        let mut answer = self.call(|out, len| call(&raw mut bulk, &raw mut bulk_len, out, len));
        answer.bulk = self.take(bulk, bulk_len);
        answer
    }

    /// Copies an owned buffer and frees it.
    fn take(&self, buffer: *mut c_char, len: usize) -> Vec<u8> {
        if buffer.is_null() {
            assert_eq!(len, 0, "NULL goes with the length 0");
            return Vec::new();
        }
        assert_ne!(len, 0, "nothing is NULL");
        // SAFETY: the call wrote a buffer of that length, and it is freed once.
        unsafe {
            let bytes = std::slice::from_raw_parts(buffer.cast::<u8>(), len).to_vec();
            (self.free)(buffer, len);
            bytes
        }
    }

    pub fn validate(&self, settings: &[u8], order: &[u8], attachments: &[&[u8]]) -> Answer {
        let list = List::new(attachments);
        let ((settings, n), (order, m)) = (lend(settings), lend(order));
        // SAFETY: everything lives until the call returns.
        self.call(|out, len| unsafe {
            (self.order_validate)(settings, n, order, m, list.at(), list.lens(), list.count(), out, len)
        })
    }

    pub fn wire(&self, settings: &[u8], order: &[u8], attachments: &[&[u8]]) -> Answer {
        let list = List::new(attachments);
        let ((settings, n), (order, m)) = (lend(settings), lend(order));
        // SAFETY: everything lives until the call returns.
        self.call_bulk(|body, size, out, len| unsafe {
            (self.order_wire)(
                settings,
                n,
                order,
                m,
                list.at(),
                list.lens(),
                list.count(),
                body,
                size,
                out,
                len,
            )
        })
    }

    pub fn create(&self, client: Handle, order: &[u8], timeout_ms: u32) -> Answer {
        let (order, m) = lend(order);
        // SAFETY: everything lives until the call returns.
        self.call(|out, len| unsafe {
            (self.order_create)(client, order, m, ptr::null(), ptr::null(), 0, timeout_ms, out, len)
        })
    }

    pub fn client(&self, config: &[u8]) -> (Handle, Answer) {
        let (config, n) = lend(config);
        let mut client = ptr::dangling_mut();
        // SAFETY: everything lives until the call returns.
        let answer = self.call(|out, len| unsafe { (self.client_new)(config, n, &raw mut client, out, len) });
        assert_eq!(client.is_null(), answer.status != 0, "a handle exactly on success");
        (client, answer)
    }

    pub fn resolve(&self, source: &[u8]) -> Answer {
        let (source, n) = lend(source);
        // SAFETY: the text lives until the call returns.
        self.call(|out, len| unsafe { (self.config_resolve)(source, n, out, len) })
    }

    pub fn answer(&self, http_status: u32, body: &[u8]) -> Answer {
        let (body, n) = lend(body);
        // SAFETY: the body lives until the call returns.
        self.call(|out, len| unsafe { (self.answer_read)(http_status, body, n, out, len) })
    }

    pub fn receive(&self, body: &[u8], options: &[u8], buffer: Option<&mut [u8]>) -> Answer {
        let ((body, n), (options, m)) = (lend(body), lend(options));
        let (buffer, size) = buffer.map_or((ptr::null_mut(), 0), |b| (b.as_mut_ptr().cast(), b.len()));
        // SAFETY: everything lives until the call returns.
        self.call_bulk(|document, length, out, len| unsafe {
            (self.push_receive)(body, n, options, m, buffer, size, document, length, out, len)
        })
    }

    pub fn open(&self, options: &[u8], buffer: Option<&mut [u8]>) -> (Handle, Answer) {
        let (options, m) = lend(options);
        let (buffer, size) = buffer.map_or((ptr::null_mut(), 0), |b| (b.as_mut_ptr().cast(), b.len()));
        let mut push = ptr::dangling_mut();
        // SAFETY: the options live until the call returns; the tests keep the buffer.
        let answer = self
            .call(|out, len| unsafe { (self.push_open)(options, m, buffer, size, &raw mut push, out, len) });
        assert_eq!(push.is_null(), answer.status != 0, "a handle exactly on success");
        (push, answer)
    }

    pub fn feed(&self, push: Handle, piece: &[u8]) -> Answer {
        let (piece, n) = lend(piece);
        // SAFETY: the handle is live, and the piece lives until the call returns.
        self.call(|out, len| unsafe { (self.push_feed)(push, piece, n, out, len) })
    }

    pub fn finish(&self, push: Handle) -> Answer {
        // SAFETY: the handle is live.
        self.call_bulk(|document, length, out, len| unsafe {
            (self.push_finish)(push, document, length, out, len)
        })
    }
}

/// Byte ranges as C takes them.
pub struct List {
    pointers: Vec<Text>,
    lens: Vec<usize>,
}

impl List {
    pub fn new(attachments: &[&[u8]]) -> List {
        let (pointers, lens) = attachments.iter().map(|bytes| lend(bytes)).unzip();
        List { pointers, lens }
    }

    pub fn at(&self) -> Attachments {
        if self.pointers.is_empty() { ptr::null() } else { self.pointers.as_ptr() }
    }

    pub fn lens(&self) -> Lens {
        if self.lens.is_empty() { ptr::null() } else { self.lens.as_ptr() }
    }

    pub fn count(&self) -> usize {
        self.lens.len()
    }
}

/// Bytes as C takes them: NULL when there are none.
pub fn lend(bytes: &[u8]) -> (Text, usize) {
    if bytes.is_empty() { (ptr::null(), 0) } else { (bytes.as_ptr().cast(), bytes.len()) }
}

/// The shared object that was built together with this test.
pub fn library_path() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let name = format!("{}wosigndoc{}", std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX);
    test.parent().unwrap().join(name)
}

/// The header in the repository.
pub fn header() -> String {
    std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/include/wosigndoc.h")).unwrap()
}

/// A push of a small document, and that document.
pub fn push(status: u8, ordernumber: &str) -> (Vec<u8>, Vec<u8>) {
    let document: Vec<u8> = (0..6000u32).flat_map(|n| (n % 251).to_le_bytes()).collect();
    if status == 1 {
        return (signed(&document, ordernumber), document);
    }
    let body = serde_json::json!({
        "actiontype": "PushSignedDoc", "status": status, "errorcode": "-50&-61",
        "extendData": { "signid": "s-1", "ordernumber": ordernumber },
    });
    (body.to_string().into_bytes(), document)
}

/// The push of a signed document.
pub fn signed(document: &[u8], ordernumber: &str) -> Vec<u8> {
    use base64::Engine;
    use sha2::Digest;
    let hash = wosigndoc::protocol::hex::encode(&sha2::Sha256::digest(document));
    let content = base64::engine::general_purpose::STANDARD.encode(document);
    let extend =
        serde_json::json!({ "signid": "s-1", "ordernumber": ordernumber, "content": content, "hash": hash });
    let body = serde_json::json!({
        "actiontype": "PushSignedDoc", "status": 1, "errorcode": "0", "extendData": extend,
    });
    body.to_string().into_bytes()
}

/// An order that keeps every rule.
pub fn order() -> Value {
    serde_json::json!({
        "orderNumber": "A-1", "filebase": "JVBERg==", "fileformat": "pdf",
        "signerlist": [{
            "signType": 2, "userName": "李明", "userNo": "11010519491231002X", "pic": "QQ==", "otherpic": "Qg==",
            "signlist": [{ "page": 1, "left": 0.1, "bottom": 0.1, "right": 0.2, "top": 0.2 }],
        }],
    })
}
