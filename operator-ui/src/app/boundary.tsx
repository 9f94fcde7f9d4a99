/** Keeps a fault in one part of the page from taking the rest with it. */

import { Component, type ReactNode } from 'react'
import type { Words } from '../words.ts'

export class Boundary extends Component<{ words: Words; children: ReactNode }, { failed: boolean }> {
  override state = { failed: false }

  static getDerivedStateFromError() {
    return { failed: true }
  }

  override render() {
    if (!this.state.failed) return this.props.children
    const { words } = this.props
    return (
      <div className="state failed" role="alert">
        <p className="state-title">{words.app.crashed}</p>
        <button type="button" className="button primary" onClick={() => window.location.reload()}>
          {words.app.reload}
        </button>
      </div>
    )
  }
}
