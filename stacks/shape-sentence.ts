/** What a schema finds is said of the files of this folder in the same sentences as of those below it. */
export { shapeSentence } from "../components/shape-sentence";
