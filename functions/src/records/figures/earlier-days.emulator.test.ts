import { randomUUID } from 'node:crypto';
import { firestoreDocuments } from '#adapters/firestore/documents.ts';
import { describeEarlierDays } from './earlier-days.contract.ts';

describeEarlierDays(() => firestoreDocuments({ projectId: `demo-days-${randomUUID().slice(0, 8)}` }));
