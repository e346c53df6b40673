//! Which limit an answer looks like: a web server or a framework refuses what is long before the site's code sees it.

use wosigndoc::protocol::Bilingual;

use crate::push::Answer;

/// A limit that somebody sets on the length of requests.
struct Limit {
    /// Whether an answer looks like it.
    looks: fn(&Page) -> bool,
    /// What to set.
    advice: Bilingual,
}

/// An answer in lower case.
struct Page {
    status: u16,
    server: String,
    text: String,
}

impl Page {
    fn of(answer: &Answer) -> Page {
        let header =
            |name| answer.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        Page {
            status: answer.status,
            server: format!("{} {}", header("server"), header("x-powered-by")).to_lowercase(),
            text: String::from_utf8_lossy(&answer.start).to_lowercase(),
        }
    }

    fn is_by(&self, name: &str) -> bool {
        self.server.contains(name) || self.text.contains(name)
    }
}

/// The limits that are known, those that are told most surely first.
const LIMITS: [Limit; 12] = [
    Limit {
        looks: |page| page.text.contains("push_too_large"),
        advice: Bilingual::fixed(
            "wosigndoc's own endpoint refused the length: raise post_max_size where it runs in PHP (8 MB by default), else its limit \
             of bodies",
            "wosigndoc 的端点拒绝了该长度：在 PHP 中请调大 post_max_size（默认 8 MB），否则请调大端点的请求体上限",
        ),
    },
    Limit {
        looks: |page| page.text.contains("post content-length of"),
        advice: Bilingual::fixed(
            "PHP's post_max_size was exceeded: raise it in php.ini, and read php://input piece by piece",
            "超过了 PHP 的 post_max_size：请在 php.ini 中调大，并分块读取 php://input",
        ),
    },
    Limit {
        looks: |page| page.text.contains("404.13") || (page.status == 404 && page.is_by("microsoft-iis")),
        advice: Bilingual::fixed(
            "IIS's maxAllowedContentLength was exceeded (404.13): raise requestLimits in web.config",
            "超过了 IIS 的 maxAllowedContentLength（404.13）：请在 web.config 的 requestLimits 中调大",
        ),
    },
    Limit {
        looks: |page| page.status == 413 && (page.is_by("microsoft-iis") || page.is_by("iis ")),
        advice: Bilingual::fixed(
            "IIS or ASP.NET refused the length: raise maxAllowedContentLength and uploadReadAheadSize, in ASP.NET \
             maxRequestLength or IISServerOptions.MaxRequestBodySize",
            "IIS 或 ASP.NET 拒绝了该长度：请调大 maxAllowedContentLength 与 uploadReadAheadSize，ASP.NET 中还有 \
             maxRequestLength 或 IISServerOptions.MaxRequestBodySize",
        ),
    },
    Limit {
        looks: |page| {
            page.status == 413 && ["nginx", "openresty", "tengine"].iter().any(|name| page.is_by(name))
        },
        advice: Bilingual::fixed(
            "nginx's client_max_body_size was exceeded (1 MB by default): raise it for this location",
            "超过了 nginx 的 client_max_body_size（默认 1 MB）：请在该 location 中调大",
        ),
    },
    Limit {
        looks: |page| page.status == 413 && page.is_by("cloudflare"),
        advice: Bilingual::fixed(
            "Cloudflare refuses requests of this length (100 MB in most plans): let pushes go past it",
            "Cloudflare 拒绝这一长度的请求（多数套餐为 100 MB）：请让推送绕过它",
        ),
    },
    Limit {
        looks: |page| page.status == 413 && page.is_by("kestrel"),
        advice: Bilingual::fixed(
            "Kestrel's MaxRequestBodySize was exceeded (30,000,000 bytes by default): raise it, or \
             [RequestSizeLimit] of this action",
            "超过了 Kestrel 的 MaxRequestBodySize（默认 30,000,000 字节）：请调大，或在该 action 上使用 \
             [RequestSizeLimit]",
        ),
    },
    Limit {
        looks: |page| page.status == 413 && (page.is_by("tomcat") || page.is_by("coyote")),
        advice: Bilingual::fixed(
            "Tomcat refused the length: raise maxPostSize and maxSwallowSize of the Connector",
            "Tomcat 拒绝了该长度：请调大 Connector 的 maxPostSize 与 maxSwallowSize",
        ),
    },
    Limit {
        looks: |page| page.status == 413 && page.is_by("apache"),
        advice: Bilingual::fixed(
            "Apache's LimitRequestBody was exceeded: raise it for this location",
            "超过了 Apache 的 LimitRequestBody：请在该 Location 中调大",
        ),
    },
    Limit {
        looks: |page| {
            page.text.contains("payloadtoolargeerror") || page.text.contains("request entity too large")
        },
        advice: Bilingual::fixed(
            "a body parser refused the length (in Express the option limit, 100 kB by default): raise it",
            "请求体解析器拒绝了该长度（Express 中为 limit 选项，默认 100 kB）：请调大",
        ),
    },
    Limit {
        looks: |page| page.text.contains("requestdatatoobig"),
        advice: Bilingual::fixed(
            "Django's DATA_UPLOAD_MAX_MEMORY_SIZE was exceeded (2.5 MB by default): raise it, or read the request itself",
            "超过了 Django 的 DATA_UPLOAD_MAX_MEMORY_SIZE（默认 2.5 MB）：请调大，或直接读取 request",
        ),
    },
    Limit {
        looks: |page| page.status == 413,
        advice: Bilingual::fixed(
            "something on the way limits the length of requests; in .NET without other signs it is Kestrel's \
             MaxRequestBodySize (30,000,000 bytes by default)",
            "途中有环节限制请求长度；在 .NET 中若无其他迹象，则是 Kestrel 的 MaxRequestBodySize（默认 30,000,000 字节）",
        ),
    },
];

/// Said of a long document that was not taken for no known reason.
pub const UNKNOWN: Bilingual = Bilingual::fixed(
    "look for a limit on the length of requests: nginx client_max_body_size, Apache LimitRequestBody, PHP post_max_size and \
     memory_limit, Tomcat maxPostSize and maxSwallowSize, IIS maxAllowedContentLength, Kestrel MaxRequestBodySize; base64 \
     makes a document a third longer",
    "请检查对请求长度的限制：nginx client_max_body_size、Apache LimitRequestBody、PHP post_max_size 与 memory_limit、\
     Tomcat maxPostSize 与 maxSwallowSize、IIS maxAllowedContentLength、Kestrel MaxRequestBodySize；base64 使文档增长三分之一",
);

/// Returns what to set, where an answer to a long push looks like a limit that is known.
pub fn met(answer: &Answer) -> Option<Bilingual> {
    let page = Page::of(answer);
    LIMITS.iter().find(|limit| (limit.looks)(&page)).map(|limit| limit.advice.clone())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use axum::http::{HeaderMap, HeaderValue};

    use super::*;

    fn answer(status: u16, server: &'static str, text: &str) -> Answer {
        let mut headers = HeaderMap::new();
        headers.insert("server", HeaderValue::from_static(server));
        Answer { status, headers, length: None, start: text.as_bytes().to_vec(), waited: Duration::ZERO }
    }

    /// Each server's own words, as it sends them by default.
    #[test]
    fn names_the_setting() {
        for (status, server, text, setting) in [
            (413, "nginx/1.26.2", "<h1>413 Request Entity Too Large</h1>", "client_max_body_size"),
            (413, "", "<center>openresty/1.25</center>", "client_max_body_size"),
            (
                200,
                "nginx",
                "<b>Warning</b>: POST Content-Length of 9 bytes exceeds the limit of 8 bytes",
                "post_max_size",
            ),
            (
                404,
                "Microsoft-IIS/10.0",
                "<h1>Server Error</h1>404 - File or directory not found.",
                "maxAllowedContentLength",
            ),
            (413, "Microsoft-IIS/10.0", "", "uploadReadAheadSize"),
            (413, "", "not acknowledged: push_too_large", "post_max_size"),
            (413, "Kestrel", "", "MaxRequestBodySize"),
            (413, "", "<title>HTTP Status 413</title> Apache Tomcat/10.1", "maxPostSize"),
            (413, "Apache/2.4.62 (Debian)", "", "LimitRequestBody"),
            (413, "", "PayloadTooLargeError: request entity too large", "Express"),
            (400, "", "RequestDataTooBig at /push", "DATA_UPLOAD_MAX_MEMORY_SIZE"),
            (413, "", "", "something on the way"),
        ] {
            let advice = met(&answer(status, server, text)).expect(text);
            assert!(advice.en.contains(setting), "{setting}: {}", advice.en);
        }
        for (status, text) in [(200, "success"), (500, "java.lang.IllegalStateException"), (404, "not found")]
        {
            assert_eq!(met(&answer(status, "nginx", text)), None, "{text}");
        }
    }
}
