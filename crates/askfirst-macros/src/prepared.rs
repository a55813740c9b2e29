//! A profile as a constant.

use askfirst_catalog::{Profile, YesLasts};
use proc_macro2::TokenStream;
use quote::quote;

use crate::names::upper;

pub(crate) fn written(profile: &Profile) -> TokenStream {
    let Profile {
        id,
        name,
        title,
        command,
        catalog,
        files,
        ask_percent,
        question,
        call_search,
        links,
        project_key,
        retention_days,
        notice,
        ..
    } = profile;
    let classes = profile.classes.iter().map(|class| upper(class.name()));
    let (state_dir, env_prefix) = (&files.state_dir, &files.env_prefix);
    let (home, project, forerunners) = (
        &files.home_config,
        &files.project_config,
        &files.forerunners,
    );
    let (version, statement, text) = (question.version, &question.statement, &question.text);
    let yes_lasts = match question.yes_lasts {
        YesLasts::UntilWithdrawn => quote!(UntilWithdrawn),
        YesLasts::Session => quote!(Session),
    };
    let (more_info, issues, privacy) = (&links.more_info, &links.issues, &links.privacy);
    let (sample_log, call_sites) = (&links.sample_log, &links.call_sites);
    let config = option(&links.config);
    let [host, default_host] = [&profile.host, &profile.default_host].map(option);
    let receipt_key = option(&profile.receipt_key);
    let [publisher, contact] = [&notice.publisher, &notice.contact].map(option);
    let [recipient, region] = [&notice.recipient, &notice.region].map(option);
    let modules_file = option(&profile.modules_file);
    let modules = profile.modules.as_text();
    quote! {{
        use ::askfirst::prepared::{Class, Prepared, YesLasts};
        const PREPARED: &Prepared = &Prepared {
            id: #id,
            name: #name,
            title: #title,
            command: #command,
            catalog: #catalog,
            classes: &[#(Class::#classes),*],
            state_dir: #state_dir,
            home_config: &[#(#home),*],
            project_config: &[#(#project),*],
            env_prefix: #env_prefix,
            forerunners: &[#(#forerunners),*],
            ask_percent: #ask_percent,
            question_version: #version,
            statement: #statement,
            question: #text,
            yes_lasts: YesLasts::#yes_lasts,
            call_search: #call_search,
            more_info: #more_info,
            issues: #issues,
            privacy: #privacy,
            sample_log: #sample_log,
            call_sites: #call_sites,
            config: #config,
            host: #host,
            default_host: #default_host,
            project_key: #project_key,
            receipt_key: #receipt_key,
            retention_days: #retention_days,
            publisher: #publisher,
            contact: #contact,
            recipient: #recipient,
            region: #region,
            modules_file: #modules_file,
            modules: #modules,
        };
        ::askfirst::Profile::prepared(PREPARED)
    }}
}

fn option(text: &Option<String>) -> TokenStream {
    match text {
        Some(text) => quote!(Some(#text)),
        None => quote!(None),
    }
}
