//! Services that build and test: off whatever is stored, because a yes baked into an image is
//! not a person's.

use super::Environment;

/// A service, and the variables it sets: all of them must be there.
pub(super) struct Service {
    pub(super) name: &'static str,
    pub(super) variables: &'static [&'static str],
}

const fn one(name: &'static str, variables: &'static [&'static str]) -> Service {
    Service { name, variables }
}

/// `CI` first, which most set; the others for those that do not, or where it was taken away.
pub(super) const SERVICES: [Service; 30] = [
    one("any service that sets `CI`", &["CI"]),
    one(
        "any service that sets `CONTINUOUS_INTEGRATION`",
        &["CONTINUOUS_INTEGRATION"],
    ),
    one("AppVeyor", &["APPVEYOR"]),
    one("AWS CodeBuild", &["CODEBUILD_BUILD_ARN"]),
    one("Azure Pipelines", &["TF_BUILD"]),
    one("Bamboo", &["bamboo_planKey"]),
    one("Bitbucket Pipelines", &["BITBUCKET_COMMIT"]),
    one("Bitrise", &["BITRISE_IO"]),
    one("Buddy", &["BUDDY_WORKSPACE_ID"]),
    one("Buildkite", &["BUILDKITE"]),
    one("CircleCI", &["CIRCLECI"]),
    one("Cirrus CI", &["CIRRUS_CI"]),
    one("Codeship", &["CI_NAME"]),
    one("Drone", &["DRONE"]),
    one("GitHub Actions", &["GITHUB_ACTIONS"]),
    one("GitLab CI", &["GITLAB_CI"]),
    one("GoCD", &["GO_PIPELINE_LABEL"]),
    one("Google Cloud Build", &["BUILDER_OUTPUT"]),
    one("Hudson", &["HUDSON_URL"]),
    one("Jenkins", &["JENKINS_URL"]),
    one("Netlify", &["NETLIFY"]),
    one("Prow", &["PROW_JOB_ID"]),
    one("Render", &["RENDER"]),
    one("Semaphore", &["SEMAPHORE"]),
    one("Sourcehut", &["JOB_ID", "JOB_URL"]),
    one("TaskCluster", &["TASK_ID", "RUN_ID"]),
    one("TeamCity", &["TEAMCITY_VERSION"]),
    one("Travis CI", &["TRAVIS"]),
    one("Vercel", &["NOW_BUILDER"]),
    one("Woodpecker", &["CI_WORKSPACE"]),
];

/// The service that runs this process, if one does. A variable that is empty or says no does
/// not count.
pub fn ci(environment: &Environment) -> Option<&'static str> {
    let runs = |service: &&Service| {
        let mut variables = service.variables.iter();
        variables.all(|name| environment.says(name))
    };
    SERVICES.iter().find(runs).map(|service| service.name)
}
