//! glean: a call hands the event to a thread, which writes it to a database in a folder.
//!
//! Its Rust package has no code that sends; a tool brings its own, as this one does.

use std::collections::HashMap;

use glean::net::{CapablePingUploadRequest, PingUploader, UploadResult};
use glean::private::{EventMetric, PingType};
use glean::traits::NoExtraKeys;
use glean::{ClientInfoMetrics, CommonMetricData, ConfigurationBuilder};

use crate::subject::{Place, Subject, message};

pub struct Glean {
    metric: EventMetric<NoExtraKeys>,
    ping: PingType,
}

#[derive(Debug)]
struct Upload(ureq::Agent);

impl PingUploader for Upload {
    fn upload(&self, request: CapablePingUploadRequest) -> UploadResult {
        let Some(request) = request.capable(|_| true) else {
            return UploadResult::incapable();
        };
        let mut post = self.0.post(&request.url);
        for (name, value) in &request.headers {
            post = post.header(name, value);
        }
        match post.send(&request.body[..]) {
            Ok(reply) => UploadResult::http_status(i32::from(reply.status().as_u16())),
            Err(ureq::Error::StatusCode(status)) => UploadResult::http_status(i32::from(status)),
            Err(_) => UploadResult::recoverable_failure(),
        }
    }
}

pub fn start(place: &Place, enabled: bool) -> Glean {
    let keys = [
        "main_model",
        "edit_format",
        "prompt_tokens",
        "completion_tokens",
        "total_tokens",
        "cost",
    ];
    let data = CommonMetricData {
        name: "send".into(),
        category: "message".into(),
        send_in_pings: vec!["tool".into()],
        ..CommonMetricData::default()
    };
    let keys = keys.map(str::to_owned).to_vec();
    let metric = EventMetric::with_runtime_extra_keys(data, keys);
    let none = Vec::new;
    let ping = PingType::new(
        "tool",
        true,
        false,
        true,
        true,
        true,
        none(),
        none(),
        true,
        none(),
    );
    let configuration = ConfigurationBuilder::new(enabled, place.home.join("glean"), "bench")
        .with_server_endpoint(place.url.as_str())
        .with_uploader(Upload(ureq::Agent::new_with_defaults()))
        .build();
    let client = ClientInfoMetrics {
        app_build: "1".into(),
        app_display_version: "1.2.3".into(),
        channel: None,
        locale: None,
        os_version: None,
    };
    glean::initialize(configuration, client);
    Glean { metric, ping }
}

impl Subject for Glean {
    fn record(&mut self, n: u64) {
        let [sent, received, both] = message::tokens(n);
        let extra = HashMap::from([
            ("main_model".to_owned(), message::MODEL.to_owned()),
            ("edit_format".to_owned(), message::format(n).to_owned()),
            ("prompt_tokens".to_owned(), sent.to_string()),
            ("completion_tokens".to_owned(), received.to_string()),
            ("total_tokens".to_owned(), both.to_string()),
            ("cost".to_owned(), message::cost(n).to_string()),
        ]);
        let timestamp = glean::get_timestamp_ms();
        self.metric.record_with_time(timestamp, extra);
    }

    fn burst(&self) -> u64 {
        400
    }

    fn settle(&mut self) {
        self.ping.submit(None);
    }

    fn leave(self: Box<Self>) {
        self.ping.submit(None);
        glean::shutdown();
    }
}
