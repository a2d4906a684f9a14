using System.CommandLine;

namespace ServiceProviderOcm.Worker.Output;

/// <summary>The flag that says in which form a command tells what it has found.</summary>
internal static class OutputFormat
{
    private const string Text = "text";
    private const string Json = "json";

    /// <summary>Makes the flag.</summary>
    public static Option<string> CreateOption()
    {
        var option = new Option<string>("--output", "-o")
        {
            Description = "Form of the output: text for people, json for programs",
            HelpName = $"{Text}|{Json}",
            DefaultValueFactory = _ => Text,
        };
        return option.AcceptOnlyFromAmong(Text, Json);
    }

    /// <summary>Whether JSON is asked for.</summary>
    public static bool IsJson(this ParseResult result, Option<string> option) => result.GetValue(option) == Json;
}
