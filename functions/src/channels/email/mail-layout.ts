import type { Priority } from '#language/playbook/playbook.ts';
import type { StepContext } from '#language/playbook/step-type.ts';

const FONT = '-apple-system,BlinkMacSystemFont,"Segoe UI",Roboto,Helvetica,Arial,sans-serif';

const PRIORITIES: Readonly<Record<Priority, { readonly label: string; readonly colour: string }>> = {
  high: { label: 'High priority', colour: '#d92d20' },
  normal: { label: 'Playbook', colour: '#2f6fde' },
  low: { label: 'Low priority', colour: '#5f6b7a' },
};

/** Only mail programs with a dark mode read this; all other styles are inline. */
const DARK = `:root{color-scheme:light dark;supported-color-schemes:light dark}
@media (prefers-color-scheme:dark){.page{background-color:#111418!important}.card{background-color:#1c2026!important;color:#e8eaed!important;border-right-color:#2d333b!important;border-bottom-color:#2d333b!important;border-left-color:#2d333b!important}.quiet,.low{color:#9aa4b2!important}.high{color:#ff938a!important}.normal,.card a{color:#8fb2ff!important}}`;

/** The parts of a mail. */
export interface MailParts {
  readonly subject: string;
  readonly priority: Priority;
  /** The body as HTML. */
  readonly bodyHtml: string;
  readonly origin: Pick<StepContext, 'playbookName' | 'executionId'>;
}

/** A complete mail in one column that is readable on a phone, in light and dark mode, with its priority and origin. */
export function mailHtml({ subject, priority, bodyHtml, origin }: MailParts): string {
  const { label, colour } = PRIORITIES[priority];
  const font = escapeHtml(FONT);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${escapeHtml(subject)}</title>
<style>${DARK}</style>
</head>
<body class="page" style="margin:0;padding:0;background-color:#f2f4f7">
<table role="presentation" class="page" width="100%" cellpadding="0" cellspacing="0" style="table-layout:fixed;background-color:#f2f4f7">
<tr><td align="center" style="padding:24px 12px">
<table role="presentation" class="card" width="100%" cellpadding="0" cellspacing="0" style="table-layout:fixed;max-width:640px;background-color:#ffffff;color:#1f2933;border:1px solid #e1e5ea;border-top:4px solid ${colour};border-radius:8px;font-family:${font}">
<tr><td style="padding:24px 24px 0">
<div class="${priority}" style="font-size:12px;font-weight:600;letter-spacing:0.04em;text-transform:uppercase;color:${colour}">${label}</div>
<div role="heading" aria-level="1" style="margin:6px 0 18px;font-size:22px;font-weight:700;line-height:1.3;overflow-wrap:anywhere">${withWholeDates(escapeHtml(subject))}</div>
</td></tr>
<tr><td style="padding:0 24px 10px;font-size:15px;line-height:1.55;overflow-wrap:anywhere">
${bodyHtml}</td></tr>
</table>
<div class="quiet" style="max-width:640px;padding:14px 12px;font-family:${font};font-size:12px;line-height:1.5;color:#5f6b7a;overflow-wrap:anywhere">
Sent by the playbook ${escapeHtml(origin.playbookName)}, execution ${escapeHtml(origin.executionId)}.
</div>
</td></tr>
</table>
</body>
</html>
`;
}

/** A date is not broken at its hyphens. */
function withWholeDates(html: string): string {
  return html.replaceAll(/\b\d{4}-\d{2}-\d{2}\b/g, '<span style="white-space:nowrap">$&</span>');
}

/** The plain-text version of the mail. */
export function mailText({ subject, priority, origin }: Omit<MailParts, 'bodyHtml'>, bodyText: string): string {
  const head = priority === 'normal' ? subject : `[${PRIORITIES[priority].label}] ${subject}`;
  return `${head}\n\n${bodyText}\n\n-- \nSent by the playbook ${origin.playbookName}, execution ${origin.executionId}.\n`;
}

/** Text that is safe in an element or a quoted attribute. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
