import { budgetContract } from '../contracts/budget.ts';
import { conversationStoreContract } from '../contracts/conversation-store.ts';
import { interruptsContract } from '../contracts/interrupts.ts';
import { leasesContract } from '../contracts/leases.ts';
import { mailboxContract } from '../contracts/mailbox.ts';
import { saltContract } from '../contracts/salt.ts';
import { suggestionsContract } from '../contracts/suggestions.ts';
import { createEmbeddedStore } from './store.ts';

mailboxContract('the embedded home', createEmbeddedStore);
budgetContract('the embedded home', createEmbeddedStore);
conversationStoreContract('the embedded home', createEmbeddedStore);
interruptsContract('the embedded home', createEmbeddedStore);
leasesContract('the embedded home', createEmbeddedStore);
saltContract('the embedded home', createEmbeddedStore);
suggestionsContract('the embedded home', createEmbeddedStore);
