using System.CommandLine;

namespace ServiceProviderOcm.Worker.Output;

/// <summary>The flag for the output format.</summary>
internal static class OutputFormat
{
    private const string Text = "text";
    private const string Json = "json";
    private const string Yaml = "yaml";
    private const string Wide = "wide";

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

    /// <summary>Creates the flag of <c>status</c>.</summary>
    public static Option<StatusFormat> CreateStatusOption()
    {
        var option = new Option<StatusFormat>("--output", "-o")
        {
            Description = "Output format",
            HelpName = $"{Text}|{Wide}|{Json}|{Yaml}",
            DefaultValueFactory = _ => StatusFormat.Text,
            CustomParser = result => result.Tokens[0].Value switch
            {
                Wide => StatusFormat.Wide,
                Json => StatusFormat.Json,
                Yaml => StatusFormat.Yaml,
                _ => StatusFormat.Text,
            },
        };
        return option.AcceptOnlyFromAmong(Text, Wide, Json, Yaml);
    }

    /// <summary>Whether JSON is requested.</summary>
    public static bool IsJson(this ParseResult result, Option<string> option) => result.GetValue(option) == Json;
}
