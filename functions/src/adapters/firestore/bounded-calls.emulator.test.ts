import { expect, test } from 'vitest';
import { firestoreDocuments } from './documents.ts';

test('a call after closing is refused, and does not end the process', async () => {
  const documents = firestoreDocuments({ projectId: 'demo-closed' });
  await documents.get('closed/before');
  await documents.close();

  await expect(documents.get('closed/after')).rejects.toMatchObject({ code: 'unavailable' });
});
