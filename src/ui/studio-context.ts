// The studio for components.
import { createContext, useContext } from 'react'
import { useStore } from 'zustand'
import type { Studio } from '../store/studio'
import { hasUnsavedSteps } from '../store/workbench-state'

export const StudioContext = createContext<Studio | undefined>(undefined)

export function useStudio(): Studio {
  const studio = useContext(StudioContext)
  if (!studio) throw new Error('page: expected a StudioContext around this component.')
  return studio
}

export const useDevice = () => useStore(useStudio().device.store)
export const useModel = () => useStore(useStudio().model.store)
export const useBaseCheck = () => useStore(useStudio().baseCheck.store)
export const useChats = () => useStore(useStudio().chats.store)
export const useData = () => useStore(useStudio().data.store)
/** The pictures of a class, and which are selected; they do not change while all pictures are looked at. */
export const usePicturesOfClass = (label: number) => useStore(useStudio().pictures.store, (s) => s.byClass[label])
export const useSelectedPictures = () => useStore(useStudio().pictures.store, (s) => s.selected)
/** The set of pictures that is open. */
export const usePictures = () => useStore(useStudio().pictures.store)
export const useSorting = () => useStore(useStudio().sorting.store)
export const useSetup = () => useStore(useStudio().setup.store)
export const useRuns = () => useStore(useStudio().runs.store, (s) => s.runs)
export const usePlay = () => useStore(useStudio().play.store)
export const useAnswers = () => useStore(useStudio().answers.store)
/** The models and datasets that are kept in this browser. */
export const useKept = () => useStore(useStudio().copies.store, (s) => s.kept)
export const usePreferences = () => useStore(useStudio().preferences.store)
export const useDemo = () => useStore(useStudio().demo.store)
/** The form has only the most important settings. */
export const useSimpleForm = (): boolean => {
  const { preferences, guide } = useStudio()
  const chosen = useStore(preferences.store, (s) => s.simpleForm)
  const guided = useStore(guide.state, (s) => s.step !== undefined)
  return chosen ?? guided
}
export const useGuide = () => useStore(useStudio().guide.state)
export const useComparison = () => useStore(useStudio().comparison.store)
export const useImports = () => useStore(useStudio().imports.store)
export const useBench = () => useStore(useStudio().bench.store)
export const useTasks = () => useStore(useStudio().tasks.store)
export const useLink = () => useStore(useStudio().link.store)
export const useWorkbench = () => useStore(useStudio().workbench.store)
/** The workbench has steps or labels that would be lost with the page. */
export const useUnsavedSteps = () => useStore(useStudio().workbench.store, hasUnsavedSteps)
/** Answers were given in a labelling that has not ended, and this browser does not keep them. */
export const useUnkeptAnswers = (): boolean => {
  const { workbench, labelling } = useStudio()
  const given = useStore(labelling.store, (s) => s.open && s.given.length > 0)
  return useStore(workbench.store, ({ keptRecipe, recipe }) => given && keptRecipe !== recipe.now)
}
/** What the worker's rows are; it does not change with each report of progress. */
export const useBenchReport = () => useStore(useStudio().workbench.store, (s) => s.report)
/** The worker's rows are those before the last change. */
export const useBenchStale = () => useStore(useStudio().workbench.store, (s) => s.stale)
export const useBenchVersion = () => useStore(useStudio().workbench.store, (s) => s.version)
export const useLabelling = () => useStore(useStudio().labelling.store)
export const useOlderRows = () => useStore(useStudio().older.store)
export const useRowMap = () => useStore(useStudio().rowMap.store)
/** Who holds the engine. */
export const useActivity = () => useStore(useStudio().activity)
/** The engine is at work: nothing else can be loaded or measured. */
export const useBusy = () => useStore(useStudio().activity, (s) => s.holder !== undefined)
/** What keeps a run from starting. */
export const useReadiness = () => useStore(useStudio().readiness)
export const useComparisonPlan = () => useStore(useStudio().comparisonPlan)
export const useComparisonCut = () => useStore(useStudio().comparisonCut.store)
export const useEstimates = () => useStore(useStudio().estimates.store).found
