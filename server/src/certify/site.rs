//! The site under test: sends it requests, one after another or at once.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use anyhow::Result;
use bytes::Bytes;
use http_body::{Body, Frame};
use reqwest::header::{CONTENT_TYPE, EXPECT};
use reqwest::{Client, Method};
use tokio::task::JoinSet;
use url::Url;

use super::shot::{Shot, Way};
use crate::broken_body::Broken;
use crate::push::{Called, Progress, PushBody, Sender, call};
use crate::settings::Settings;

/// The number of pieces of a slow body, a fiftieth of a second apart: two seconds.
const PIECES: u32 = 100;
/// The largest part of an answer that is read, in bytes: a page of IIS says at its end which limit was met.
const MAX_PAGE: usize = 8 * 1024;
/// The longest time that one push may take: a site whose bytes trickle is not waited for as the platform would.
const MAX_CALL: Duration = Duration::from_secs(300);

/// The site.
#[derive(Clone)]
pub struct Site {
    url: Url,
    client: Client,
    keeping: Client,
}

impl Site {
    /// Makes one of its callback URL, to be asked as the platform asks by these settings.
    pub fn new(url: &str, settings: &Settings) -> Result<Site> {
        let url = crate::push::callback(url, settings.http_callbacks)?;
        let sender = Sender::new(settings)?;
        Ok(Site { url, client: sender.client(), keeping: sender.keeping_client()? })
    }

    /// Sends one request.
    pub async fn send(&self, shot: &Shot) -> Called {
        let progress = Progress::new();
        let client = if shot.way == Way::Kept { &self.keeping } else { &self.client };
        if shot.way == Way::Get {
            return call(client.get(self.url.clone()), &progress, MAX_PAGE, MAX_CALL).await;
        }
        let mut request = client.request(Method::POST, self.url.clone());
        if shot.way == Way::Expecting {
            request = request.header(EXPECT, "100-continue");
        }
        let body = PushBody::of(shot.body.clone(), progress.clone());
        let body = match shot.way {
            Way::Slow => reqwest::Body::wrap(Broken::trickling(shot.body.clone(), PIECES)),
            Way::Cut => reqwest::Body::wrap(Broken::cut(shot.body.clone())),
            Way::Chunked => reqwest::Body::wrap(Unmeasured(body)),
            _ => reqwest::Body::wrap(body),
        };
        call(request.header(CONTENT_TYPE, shot.content_type).body(body), &progress, MAX_PAGE, MAX_CALL).await
    }

    /// Sends all of them at the same time. Returns what came of each, in their order.
    pub async fn send_at_once(&self, shots: &[Shot]) -> Vec<Called> {
        let mut tasks = JoinSet::new();
        for (at, shot) in shots.iter().cloned().enumerate() {
            let site = self.clone();
            tasks.spawn(async move { (at, site.send(&shot).await) });
        }
        let mut done = tasks.join_all().await;
        done.sort_by_key(|(at, _)| *at);
        done.into_iter().map(|(_, called)| called).collect()
    }
}

/// A body whose length is not told beforehand, so that it goes in chunks.
struct Unmeasured(PushBody);

impl Body for Unmeasured {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
        Pin::new(&mut self.0).poll_frame(context)
    }
}
