// How an item of the batch looks: its tab, the badge with its words, the line beside it, the link. No elements here.
import { language, t } from "../archive/page.js";

const money = new Intl.NumberFormat("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });

export const isFinal = (item) => ["done", "review", "failed"].includes(faceOf(item).tab);

export function faceOf(item) {
  return item.doc ? ofDocument(item) : ofSending(item);
}

function ofSending(item) {
  switch (item.phase) {
    case "refused":
      return { tab: "failed", tone: "bad", label: t("state.refused"), told: item.fault?.[language] ?? t("upload.fault"), toldTone: "bad" };
    case "failed":
      return { tab: "failed", tone: "bad", label: t("state.failed"), told: t("upload.no_connection"), toldTone: "bad", retry: true };
    case "retrying":
      return { tab: "running", tone: "warn", label: t("state.retrying"), told: "" };
    case "sending":
      return { tab: "running", tone: "", label: t("state.sending"), part: item.size ? item.sent / item.size : 1 };
    case "sent":
      return { tab: "running", tone: "", label: t("state.received"), told: "" };
    default:
      return { tab: "running", tone: "", label: t("state.waiting"), told: "" };
  }
}

function ofDocument({ doc, first }) {
  const page = `/documents/${doc.id}`;
  const reasons = doc.reasons.map((reason) => reason[language]).join(" ");
  if (doc.state === "filed") {
    const record = `/records/${doc.records[0]}`;
    const label = t(first ? "state.filed" : "state.duplicate");
    return { tab: "done", tone: first ? "ok" : "", label, told: invoicesOf(doc), href: record, link: t("upload.open") };
  }
  if (doc.state === "unreadable") {
    return { tab: "review", tone: "bad", label: t("state.unreadable"), told: reasons, href: page, link: t("upload.look") };
  }
  if (doc.state === "review" && doc.duplicate_of) {
    const record = `/records/${doc.duplicate_of}`;
    return { tab: "review", tone: "warn", label: t("state.duplicate"), told: reasons, href: record, link: t("upload.same_invoice") };
  }
  if (doc.state === "review") {
    return { tab: "review", tone: "warn", label: t("state.review"), told: reasons, href: page, link: t("upload.look") };
  }
  const label = doc.state === "read" ? t("state.read") : t(doc.working ? "state.reading" : "state.queued");
  return { tab: "running", tone: "", label, told: "" };
}

function invoicesOf({ invoices }) {
  const [invoice] = invoices;
  if (!invoice) return "";
  if (invoices.length > 1) return t("upload.invoices", { n: invoices.length });
  const total = invoice.total === null ? "" : ` ¥${money.format(invoice.total)}`;
  return `${t(`kind.${invoice.kind}`)}${total}${invoice.seller ? ` · ${invoice.seller}` : ""}`;
}

export function octets(size) {
  if (size >= 1 << 20) return `${(size / (1 << 20)).toFixed(size < 10 << 20 ? 1 : 0)} MB`;
  return size >= 1024 ? `${Math.round(size / 1024)} KB` : `${size} B`;
}
