// Hooks for Dredd: what each documented answer needs, as its manual advises. A transaction is called
// "/path > summary > status > media type". Statuses that no request alone brings about are skipped.
const hooks = require("hooks");
const things = JSON.parse(process.env.PROOF_THINGS);

const UNKNOWN = "12ade33a-21c0-473b-b055-b3c836e1c292";
const BODIES = {
  "POST /verifications/sms": { phone_number: 1, verify_profile_id: 1 },
  "POST /verifications/call": { phone_number: 1, verify_profile_id: 1 },
  "POST /verifications/flashcall": { phone_number: 1, verify_profile_id: 1 },
  "POST /verifications/whatsapp": { phone_number: 1, verify_profile_id: 1 },
  "POST /verifications/{verification_id}/actions/verify": { code: "00000" },
  "POST /verifications/by_phone_number/{phone_number}/actions/verify": { code: "00000", verify_profile_id: 1 },
  "POST /verify_profiles": { name: "by dredd", sms: {} },
  "PATCH /verify_profiles/{verify_profile_id}": { name: "changed by dredd" },
  "POST /verify_profiles/templates": { text: "Dredd says {{code}}" },
  "PATCH /verify_profiles/templates/{template_id}": { text: "Dredd says {{code}}" },
};

function address(template, isDelete, isUnknown) {
  return template.replace(/\{(\w+)\}/g, (_, name) => {
    if (name === "phone_number") return things.phone_number;
    if (isUnknown) return UNKNOWN;
    return isDelete ? things.spare_profile_id : things[name];
  });
}

function body(request, template) {
  const shape = BODIES[`${request.method} ${template}`];
  if (!shape) return "";
  const filled = Object.entries(shape).map(([name, value]) => [name, value === 1 ? things[name] : value]);
  return JSON.stringify(Object.fromEntries(filled));
}

function spoil(transaction, status, template) {
  const { request } = transaction;
  const needs = { 400: request.body, 401: true, 404: /_id\}/.test(template), 415: request.body };
  transaction.skip = !needs[status];
  if (status === "400") request.body = "{";
  if (status === "401") delete request.headers.Authorization;
  if (status === "415") request.headers["Content-Type"] = "text/plain";
}

hooks.beforeEach((transaction, done) => {
  const [template, , status] = transaction.name.split(" > ");
  const { request } = transaction;
  const path = address(template, request.method === "DELETE", status === "404");
  transaction.fullPath = new URL(transaction.fullPath, "http://x").pathname.startsWith("/v2") ? `/v2${path}` : path;
  request.body = body(request, template);
  request.headers.Authorization = `Bearer ${process.env.TELNYX_API_KEY}`;
  if (request.body) request.headers["Content-Type"] = "application/json";
  if (status !== "200") spoil(transaction, status, template);
  done();
});
