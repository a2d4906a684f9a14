using ServiceProviderOcm.Sandbox.Errors;

namespace ServiceProviderOcm.Sandbox.Writes;

/// <summary>The option of writes to be only trials.</summary>
internal static class DryRun
{
    private const string All = "All";

    /// <summary>Whether a trial is wanted.</summary>
    /// <param name="values">The values of the option; none: no trial.</param>
    /// <param name="errors">Where to put what is wrong with them.</param>
    public static bool IsWanted(IReadOnlyList<string> values, ICollection<FieldError> errors)
    {
        if (values.Any(value => value != All))
        {
            errors.Add(new FieldError(
                FieldErrorType.NotSupported,
                "dryRun",
                $"[]string{{{string.Join(", ", values.Select(value => $"\"{value}\""))}}}",
                $"supported values: \"{All}\""));
        }

        return values.Contains(All);
    }
}
