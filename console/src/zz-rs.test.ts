import { test } from 'vitest';
import { openTestConsole } from './testing/test-console.ts';
import { firestoreDocuments } from '../../functions/src/adapters/firestore/documents.ts';
import { encodeCursor } from '../../functions/src/records/page-cursor.ts';
const D = new Date('2026-11-20T10:00:00Z');
test('explore', async () => {
  const con = await openTestConsole({ documents: firestoreDocuments({ projectId: 'demo-rs' }) });
  const say = async (name: string, r: Response | Promise<Response>) => {
    const res = await r; const text = await res.text(); console.log(name, res.status, res.status>=400 ? text.replace(/<head>[\s\S]*<\/head>/,'').match(/class="problem"[^>]*>([\s\S]{0,300})/)?.[1]?.slice(0,200) : '');
  };
  for (const l of ['/executions', '/inbox?state=all', '/notifications', '/audit']) {
    const s = l.includes('?') ? '&' : '?';
    for (const [n, cur] of Object.entries({ bigid: encodeCursor({ values: [D], id: 'é'.repeat(1400) }), bigval: encodeCursor({ values: ['é'.repeat(1200)], id: 'a' }), str: encodeCursor({ values: ['x'], id: 'a' }), num: encodeCursor({ values: [1e308], id: 'a' }), nul: encodeCursor({ values: [null], id: 'a\u0000b' }),early: encodeCursor({ values: [new Date('0001-01-01T00:00:00.000Z')], id: 'a' }),late: encodeCursor({ values: [new Date('9999-12-31T23:59:59.999Z')], id: 'a' }) })) await say(`${l} after ${n}`, con.get(`${l}${s}after=${cur}`));
  }
  const long = 'é'.repeat(3_000);
  for (const p of [`/audit?by=${long}`, `/audit?target=${long}`, `/audit?by=%00`, `/executions?playbook=%00`, `/executions?from=2000-01-01&to=2099-12-31`, `/inbox/x%00`, '/inbox/'+ 'x'.repeat(1500)]) await say(p.slice(0,60), con.get(p));
  await con.close();
}, 60_000);
