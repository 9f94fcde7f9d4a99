/** Starts the inbox. */

import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { Router } from 'wouter'
import { ApiError } from './api.ts'
import { App } from './app/app.tsx'
import { followTheme } from './app/remembered.ts'
import './ui/theme.css'
import './ui/icons.css'
import './ui/controls.css'
import './ui/overlays.css'
import './app/layout.css'
import './inbox/inbox.css'
import './conversation/conversation.css'
import './composer/composer.css'
import './assist/assist.css'
import './citizen/citizen.css'
import './settings/settings.css'
import './session/session.css'

const client = new QueryClient({
  defaultOptions: {
    queries: {
      // What the gateway has refused it will refuse again; what did not answer may answer soon.
      retry: (failures, problem) =>
        failures < 3 && !(problem instanceof ApiError && problem.status >= 400 && problem.status < 500),
      retryDelay: (failures) => 300 * 2 ** failures,
      // `live` tells what changed; coming back to the tab is no news.
      refetchOnWindowFocus: false,
      networkMode: 'always',
    },
    mutations: { networkMode: 'always' },
  },
})

followTheme()

const root = document.getElementById('root')
if (!root) throw new Error('the page has no #root')
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={client}>
      <Router base="/inbox">
        <App />
      </Router>
    </QueryClientProvider>
  </StrictMode>,
)
