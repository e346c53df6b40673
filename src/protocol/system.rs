//! What the operating system says of a failure, in both languages.

use std::io::{Error, ErrorKind};

use super::bilingual::Bilingual;

/// Tells whether descriptors, memory or the like have run out: the same call can succeed once others have given some back.
pub(super) fn is_exhausted(error: &Error) -> bool {
    #[cfg(unix)]
    const CODES: [i32; 4] = [libc::EMFILE, libc::ENFILE, libc::ENOMEM, libc::ENOBUFS];
    // Too many open files, sockets; no buffers; no memory.
    #[cfg(not(unix))]
    const CODES: [i32; 5] = [4, 8, 14, 10024, 10055];
    error.kind() == ErrorKind::OutOfMemory || code(error).is_some_and(|code| CODES.contains(&code))
}

/// Returns the system's number, also of an error that `tempfile` has wrapped with a path: then it stands in the words alone.
fn code(error: &Error) -> Option<i32> {
    error.raw_os_error().or_else(|| {
        let words = error.get_ref()?.to_string();
        words.split_once("(os error ")?.1.split_once(')')?.0.parse().ok()
    })
}

/// Returns the words for it: the system's own in English, ours in Chinese, each with the system's number.
pub(crate) fn words(error: &Error) -> Bilingual {
    use ErrorKind as K;
    let zh = match error.kind() {
        _ if is_exhausted(error) => "资源已耗尽",
        K::NotFound => "不存在",
        K::PermissionDenied => "没有权限",
        K::AlreadyExists => "已存在",
        K::StorageFull => "磁盘空间不足",
        K::QuotaExceeded => "超出磁盘配额",
        K::FileTooLarge => "文件超过大小限制",
        K::ReadOnlyFilesystem => "文件系统只读",
        K::IsADirectory => "是目录",
        K::NotADirectory => "路径中有一部分不是目录",
        K::InvalidFilename => "文件名无效或过长",
        K::ConnectionRefused => "连接被拒绝",
        K::ConnectionReset | K::ConnectionAborted | K::BrokenPipe | K::NotConnected => "连接被断开",
        K::UnexpectedEof => "数据提前结束",
        K::HostUnreachable | K::NetworkUnreachable | K::NetworkDown | K::AddrNotAvailable => "网络不可达",
        K::TimedOut => "超时",
        K::WouldBlock => "资源暂时不可用",
        _ => "系统报告的错误",
    };
    match code(error) {
        Some(code) => {
            Bilingual::new(Error::from_raw_os_error(code).to_string(), format!("{zh}（os error {code}）"))
        }
        None => Bilingual::new(error.to_string(), zh),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_in_their_language() {
        for code in 1..=133 {
            let words = words(&Error::from_raw_os_error(code));
            assert!(words.en.is_ascii() && words.en.ends_with(&format!("(os error {code})")), "{words:?}");
            assert!(words.zh.ends_with(&format!("（os error {code}）")), "{words:?}");
        }
        assert_eq!(words(&ErrorKind::UnexpectedEof.into()).zh, "数据提前结束");
        // The path comes from whoever tells it, and not twice, or with a temporary name.
        let file = tempfile::NamedTempFile::with_prefix("no-folder").unwrap();
        let wrapped = tempfile::NamedTempFile::new_in(file.path()).unwrap_err();
        assert!(wrapped.to_string().contains("no-folder"), "{wrapped}");
        assert_eq!(words(&wrapped), words(&std::fs::File::create(file.path().join("in-it")).unwrap_err()));
    }

    #[cfg(unix)]
    #[test]
    fn tells_what_has_run_out() {
        for code in [libc::EMFILE, libc::ENFILE, libc::ENOMEM, libc::ENOBUFS] {
            assert!(is_exhausted(&Error::from_raw_os_error(code)));
        }
        // A full disk is the caller's to see to, and no lack of the process.
        for code in [libc::ENOSPC, libc::EACCES, libc::EAGAIN, libc::ENOENT] {
            assert!(!is_exhausted(&Error::from_raw_os_error(code)));
        }
    }
}
