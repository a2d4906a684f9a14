using System.CommandLine;

namespace ServiceProviderOcm.Worker.Output;

/// <summary>The flag for the output format.</summary>
internal static class OutputFormat
{
    private const string Text = "text";
    private const string Json = "json";

    /// <summary>Creates the flag.</summary>
    public static Option<string> CreateOption()
    {
        var option = new Option<string>("--output", "-o")
        {
            Description = "Output format",
            HelpName = $"{Text}|{Json}",
            DefaultValueFactory = _ => Text,
        };
        return option.AcceptOnlyFromAmong(Text, Json);
    }

    /// <summary>Whether JSON is requested.</summary>
    public static bool IsJson(this ParseResult result, Option<string> option) => result.GetValue(option) == Json;
}
