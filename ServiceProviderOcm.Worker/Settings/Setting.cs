namespace ServiceProviderOcm.Worker.Settings;

/// <summary>How one setting is written, wherever it comes from.</summary>
/// <param name="Name">The name of the property in <see cref="ProviderOptions"/>, if it has an effect, and of the key in the configuration.</param>
/// <param name="Flag">The flag, with its dashes; null if it has none.</param>
/// <param name="Value">What stands for the value in the help; empty for a switch.</param>
/// <param name="Description">What it is for, and the default.</param>
/// <param name="Expected">The expected values, for messages.</param>
/// <param name="TrySet">Sets the property; false if the text cannot be read.</param>
internal sealed record Setting(
    string Name, string? Flag, string Value, string Description, string Expected, Func<ProviderOptions, string, bool> TrySet)
{
    /// <summary>A short form of the flag.</summary>
    public string? Alias { get; init; }

    /// <summary>An environment variable that the platform sets, besides <c>ServiceProvider__Name</c>.</summary>
    public string? Variable { get; init; }

    /// <summary>Whether it matters to <c>run</c> only; <c>init</c> takes it all the same, since the platform may pass it.</summary>
    public bool IsForRun { get; init; }

    /// <summary>Whether it is accepted because the Go providers know it, and has no effect here.</summary>
    public bool HasNoEffect { get; init; }

    /// <summary>Whether the flag may stand without a value.</summary>
    public bool IsSwitch => Value.Length == 0;

    /// <summary>The key in the configuration.</summary>
    public string Key => $"{ProviderOptions.Section}:{Name}";

    /// <summary>Any text.</summary>
    public static Setting Text(string name, string? flag, string value, string description, Action<ProviderOptions, string> set) =>
        Parsed(name, flag, value, description, "", (string text, out string read) => (read = text) is not null, set);

    /// <summary>Yes or no.</summary>
    public static Setting Switch(string name, string flag, string description, Action<ProviderOptions, bool> set) =>
        Parsed(name, flag, "", description, "true or false", TryParseBoolean, set);

    /// <summary>One of an enumeration's names, in any case.</summary>
    public static Setting OneOf<T>(string name, string flag, string value, string description, Action<ProviderOptions, T> set)
        where T : struct, Enum =>
        Parsed(name, flag, value, description, $"one of {value.Replace("|", ", ", StringComparison.Ordinal)}", TryParseName, set);

    /// <summary>A flag of the Go providers, whose value is only validated.</summary>
    public static Setting WithoutEffect(string name, string flag, string value = "")
    {
        const string Description = "Accepted for compatibility with the Go providers, without effect";
        var setting = value.Length == 0
            ? Switch(name, flag, Description, (_, _) => { })
            : Text(name, flag, value, Description, (_, _) => { });
        return setting with { HasNoEffect = true };
    }

    /// <summary>Whatever can be parsed.</summary>
    public static Setting Parsed<T>(
        string name, string? flag, string value, string description, string expected, Parser<T> tryParse, Action<ProviderOptions, T> set) =>
        new(name, flag, value, description, expected, (options, text) =>
        {
            if (!tryParse(text, out var read))
            {
                return false;
            }

            set(options, read);
            return true;
        });

    // As Go's flags have it, apart from the case.
    private static bool TryParseBoolean(string text, out bool value)
    {
        value = text.ToUpperInvariant() is "TRUE" or "T" or "1";
        return value || text.ToUpperInvariant() is "FALSE" or "F" or "0";
    }

    private static bool TryParseName<T>(string text, out T value)
        where T : struct, Enum =>
        Enum.TryParse(text, ignoreCase: true, out value) && text.All(char.IsLetter);

    /// <summary>Reads a value; false if the text is none.</summary>
    public delegate bool Parser<T>(string text, out T value);
}
