//! Why a document was not signed, in both languages.

use std::borrow::Cow;
use std::fmt;

use wosigndoc::pdf::{PdfError, PdfErrorKind};
use wosigndoc::protocol::Bilingual;

/// The kinds of refusals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SigningReason {
    /// No PDF, or one whose structure is broken.
    Damaged,
    /// The PDF is protected by a password or certificate already.
    Encrypted,
    /// A kind of PDF that is not signed, or one beyond the limits.
    Unsupported,
    /// Signatures in the PDF forbid what is asked.
    Forbidden,
    /// A box on a page that does not exist, or that is no place on a page.
    Position,
    /// A name that no font can write.
    Name,
    /// A seal picture that cannot be used.
    Picture,
    /// A password that cannot be used.
    Password,
    /// Certificate or signature could not be made: the platform's own fault.
    Internal,
}

/// A refusal to sign. Never holds a document, an identity number or a password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SigningError {
    /// The kind of refusal.
    pub reason: SigningReason,
    /// What is wrong, and often what to do.
    pub what: Bilingual,
    /// The signer whom it is about, counted from 0 in the order of signing; `None`: the document.
    pub signer: Option<usize>,
}

/// A result of this module.
pub type Result<T> = std::result::Result<T, SigningError>;

impl SigningError {
    /// Makes a refusal of its words in both languages.
    pub fn new(
        reason: SigningReason,
        en: impl Into<Cow<'static, str>>,
        zh: impl Into<Cow<'static, str>>,
    ) -> SigningError {
        SigningError { reason, what: Bilingual::new(en, zh), signer: None }
    }

    /// Says whom it is about.
    pub(crate) fn of_signer(self, signer: usize) -> SigningError {
        SigningError { signer: Some(signer), ..self }
    }

    /// Refuses a PDF whose structure is broken: names the part.
    pub(crate) fn damaged(what: Bilingual) -> SigningError {
        let Bilingual { en, zh } = what;
        SigningError::new(
            SigningReason::Damaged,
            format!("the PDF is damaged: {en}; open it in a PDF program and save it anew"),
            format!("PDF 文件已损坏：{zh}；请用 PDF 软件打开并重新保存"),
        )
    }

    /// Refuses a PDF beyond what is signed.
    pub(crate) fn unsupported(what: Bilingual) -> SigningError {
        let Bilingual { en, zh } = what;
        SigningError::new(
            SigningReason::Unsupported,
            format!("this PDF cannot be signed: {en}"),
            format!("无法签署此 PDF：{zh}"),
        )
    }

    /// Refuses a PDF, or what it would become, whose length is beyond what its table can say.
    pub(crate) fn too_long() -> SigningError {
        SigningError::unsupported(Bilingual::fixed("it is too long", "文件过大"))
    }

    /// Refuses a PDF that is protected already.
    pub(crate) fn encrypted() -> SigningError {
        SigningError::new(
            SigningReason::Encrypted,
            "the PDF is protected by a password or certificate; send it unprotected (the order's own password \
             protects the signed document)",
            "PDF 已加密；请提交未加密的文件（订单中的密码会用于保护签署后的文件）",
        )
    }

    /// Reports something that should not happen: the platform's fault.
    pub(crate) fn internal(what: &'static str, cause: impl fmt::Display) -> SigningError {
        SigningError::new(
            SigningReason::Internal,
            format!("{what}: {cause}"),
            format!("平台内部错误（{what}）：{cause}"),
        )
    }
}

impl From<PdfError> for SigningError {
    /// Says what the failure means for signing, and what can be done about it.
    fn from(error: PdfError) -> SigningError {
        let what = error.what;
        match error.kind {
            PdfErrorKind::Damaged => SigningError::damaged(what),
            PdfErrorKind::Encrypted => SigningError::encrypted(),
            PdfErrorKind::Unsupported => SigningError::unsupported(Bilingual::new(
                format!("{}; open it in a PDF program and save it anew", what.en),
                format!("{}；请用 PDF 软件打开并重新保存", what.zh),
            )),
            PdfErrorKind::TooCostly => SigningError::unsupported(what),
        }
    }
}

impl fmt::Display for SigningError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.what.en, self.what.zh)
    }
}

impl std::error::Error for SigningError {}
