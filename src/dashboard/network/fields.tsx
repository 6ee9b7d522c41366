/** As many names as one looks through. */
const MOST_SUGGESTED = 200;

/** What can be filled in, as a browser suggests it. */
export const Suggestions = ({ id, values }: { id: string; values: readonly string[] }) => (
  <datalist id={id}>
    {values.slice(0, MOST_SUGGESTED).map(value => (
      <option key={value} value={value} />
    ))}
  </datalist>
);

interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly list?: string;
  readonly hint?: string;
  readonly isPort?: boolean;
  /** Whether it has the line for itself. */
  readonly isWide?: boolean;
}

/** A text to be filled in. */
export function Field({ label, value, onInput, list, hint, isPort = false, isWide = false }: FieldProps) {
  return (
    <label class={isPort ? 'port' : isWide ? 'wide' : undefined}>
      <span>{label}</span>
      <input
        type="text"
        value={value}
        spellcheck={false}
        {...(list ? { list } : {})}
        {...(hint ? { placeholder: hint } : {})}
        {...(isPort ? { inputMode: 'numeric' as const } : {})}
        onInput={event => onInput(event.currentTarget.value)}
      />
    </label>
  );
}
