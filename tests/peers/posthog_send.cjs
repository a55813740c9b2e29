// Sends a session like aider's through an unmodified posthog-node.
//
//     node posthog_send.cjs HOST KEY DISTINCT_ID MESSAGES
//
// The same events and the same output as posthog_send.py. posthog-node is found
// through NODE_PATH, hence CommonJS.
"use strict";

const { PostHog } = require("posthog-node");

const MODELS = { main_model: "gpt-4o", weak_model: "gpt-4o-mini", editor_model: "gpt-4o" };

function* session(messages) {
  yield ["launched", {}];
  for (let number = 1; number <= messages; number++) {
    yield [
      "message_send",
      {
        ...MODELS,
        edit_format: "diff",
        prompt_tokens: number,
        completion_tokens: 7,
        total_tokens: number + 7,
        cost: 0.25,
        total_cost: 0.25 * number,
      },
    ];
  }
  yield ["exit", { reason: "/exit" }];
}

async function main() {
  const [host, key, distinctId, messages] = process.argv.slice(2);
  const errors = [];
  const client = new PostHog(key, {
    host,
    // The default waits 3 s three times; the test stops the collector meanwhile.
    fetchRetryCount: 30,
    fetchRetryDelay: 200,
  });
  client.on("error", (error) => errors.push(String(error)));
  let sent = 0;
  for (const [event, properties] of session(Number(messages))) {
    client.capture({ distinctId, event, properties });
    sent += 1;
  }
  process.stdout.write("captured\n");
  // Its retry timers do not keep the process alive; this one does.
  const alive = setInterval(() => {}, 1000);
  await client.shutdown(60_000);
  clearInterval(alive);
  const version = client.getLibraryVersion();
  process.stdout.write(JSON.stringify({ version, sent, errors }) + "\n");
}

main();
