/** The images of this lab's docker engine; outside a lab, as they come with otel-lab. */
export async function openStore() {
  const [{ openImageStore }, { findWorkspace }, { LabError }] = await Promise.all([
    import('../../engine/docker/image-store.ts'),
    import('../../workspace.ts'),
    import('../../errors.ts'),
  ])
  const workspace = await findWorkspace().catch((error) => {
    if (error instanceof LabError && error.code === 'no-lab') return undefined
    throw error
  })
  return openImageStore(workspace, process.env)
}
